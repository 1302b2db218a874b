using System.ComponentModel.DataAnnotations;

namespace MarketsApi.Infrastructure.Shutdown;

/// <summary>How the program ends when it is asked to.</summary>
internal sealed class ShutdownSettings
{
    public const string Section = "Shutdown";

    /// <summary>How long it says that it isn't ready, and still serves, before it stops, in seconds: the time that load balancers need to notice.</summary>
    [Range(0, 300)]
    public int DrainSeconds { get; set; }
}
