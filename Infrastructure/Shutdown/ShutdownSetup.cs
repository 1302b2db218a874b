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
