using System.ComponentModel.DataAnnotations;
using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MarketsApi.Infrastructure.Shutdown;

/// <summary>An end without a dropped request.</summary>
internal static class ShutdownSetup
{
    public static void AddShutdown(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ShutdownSettings>(ShutdownSettings.Section);
        builder.Services.AddSingleton<Draining>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, DrainingLifetime>());
    }
}

/// <summary>How the program shuts down.</summary>
internal sealed class ShutdownSettings
{
    public const string Section = "Shutdown";

    /// <summary>How long it says that it isn't ready, and still serves, before it stops, in seconds: the time that load balancers need to notice.</summary>
    [Range(0, 300)]
    public int DrainSeconds { get; set; }
}

/// <summary>Whether the program is about to stop: it still responds, but wants no new work.</summary>
internal sealed class Draining
{
    private volatile bool _isOn;

    public bool IsOn => _isOn;

    public void Begin() => _isOn = true;
}
