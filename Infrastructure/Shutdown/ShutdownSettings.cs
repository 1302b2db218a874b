using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Shutdown;

/// <summary>How the program ends when it is asked to.</summary>
internal sealed class ShutdownSettings : ISettings
{
    public static string Section => "Shutdown";

    /// <summary>How long it says that it isn't ready, and still serves, before it stops, in seconds: the time that load balancers need to notice.</summary>
    public int DrainSeconds { get; set; }

    public IEnumerable<string> Faults(IHostEnvironment environment)
    {
        if (DrainSeconds is < 0 or > 300)
        {
            yield return $"Shutdown:DrainSeconds must be from 0 to 300; it is {DrainSeconds}.";
        }
    }
}
