using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>How many requests a caller may send; docs/rate-limits.md says what counts.</summary>
internal sealed class RateLimitSettings : ISettings
{
    /// <summary>The largest limit; a bucket's count has 24 bits.</summary>
    public const int MostPermits = 1_000_000;

    public static string Section => "RateLimiting";

    /// <summary>Whether there are limits at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many requests a caller may send within any window.</summary>
    public int PermitLimit { get; set; } = 100;

    /// <summary>How long the window is, in seconds.</summary>
    public int WindowSeconds { get; set; } = 60;

    /// <summary>How many callers' windows this process remembers.</summary>
    public int MaxCallers { get; set; } = 100_000;

    /// <summary>The longest that a request waits for Redis, in milliseconds.</summary>
    public int RedisTimeoutMilliseconds { get; set; } = 500;

    /// <summary>Further limits, by the names that routes have for them.</summary>
    public Dictionary<string, RateLimitPolicySettings> Policies { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> Faults(IHostEnvironment environment)
    {
        if (MaxCallers is < 1_000 or > 10_000_000)
        {
            yield return $"RateLimiting:MaxCallers must be from 1000 to 10000000; it is {MaxCallers}.";
        }

        if (RedisTimeoutMilliseconds is < 5 or > 5_000)
        {
            yield return $"RateLimiting:RedisTimeoutMilliseconds must be from 5 to 5000; it is {RedisTimeoutMilliseconds}.";
        }

        var own = new RateLimitPolicySettings { PermitLimit = PermitLimit, WindowSeconds = WindowSeconds };
        var all = Policies.Select(policy => ($"{Section}:Policies:{policy.Key}", policy.Value)).Prepend((Section, own));
        foreach (var (path, policy) in all)
        {
            if (policy.PermitLimit is < 1 or > MostPermits)
            {
                yield return $"{path}:PermitLimit must be from 1 to {MostPermits}; it is {policy.PermitLimit}.";
            }

            if (policy.WindowSeconds is < 1 or > 86_400)
            {
                yield return $"{path}:WindowSeconds must be from 1 to 86400; it is {policy.WindowSeconds}.";
            }
        }
    }
}
