namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>A limit besides the one that everything counts for.</summary>
internal sealed class RateLimitPolicySettings
{
    /// <summary>How many requests a caller may send within any window.</summary>
    public int PermitLimit { get; set; }

    /// <summary>How long the window is, in seconds.</summary>
    public int WindowSeconds { get; set; } = 60;
}
