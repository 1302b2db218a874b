using System.ComponentModel.DataAnnotations;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>How many requests a caller may send; docs/rate-limits.md says what counts.</summary>
internal sealed class RateLimitSettings
{
    /// <summary>The largest limit; a bucket's count has 24 bits.</summary>
    public const int MostPermits = 1_000_000;

    public const string Section = "RateLimiting";

    /// <summary>Whether there are limits at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many requests a caller may send within any window.</summary>
    [Range(1, MostPermits)]
    public int PermitLimit { get; set; } = 100;

    /// <summary>How long the window is, in seconds.</summary>
    [Range(1, 86_400)]
    public int WindowSeconds { get; set; } = 60;

    /// <summary>How many callers' windows this process remembers.</summary>
    [Range(1_000, 10_000_000)]
    public int MaxCallers { get; set; } = 100_000;

    /// <summary>The longest that a request waits for Redis, in milliseconds.</summary>
    [Range(5, 5_000)]
    public int RedisTimeoutMilliseconds { get; set; } = 500;

    /// <summary>Further limits, by the names that routes have for them.</summary>
    public Dictionary<string, RateLimitPolicySettings> Policies { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>A limit besides the one that everything counts for.</summary>
internal sealed class RateLimitPolicySettings
{
    /// <summary>How many requests a caller may send within any window.</summary>
    [Range(1, RateLimitSettings.MostPermits)]
    public int PermitLimit { get; set; }

    /// <summary>How long the window is, in seconds.</summary>
    [Range(1, 86_400)]
    public int WindowSeconds { get; set; } = 60;
}
