using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>A limit: never more permits than this within any window of this length.</summary>
/// <param name="index">Identifies the policy within the process.</param>
/// <param name="name">The name in the headers.</param>
/// <param name="limit">The permits.</param>
/// <param name="windowSeconds">The window's length.</param>
internal sealed class RateLimitPolicy(int index, string name, int limit, int windowSeconds)
{
    /// <summary>
    /// How many buckets a window has. A permit counts from when it is given until its whole bucket has left the window: never too short,
    /// and too long by a bucket at most, so that a caller who sends steadily gets 120/121 of the limit (99 %).
    /// </summary>
    public const int Buckets = 120;

    /// <summary>The name of the limit that everything counts for.</summary>
    public const string Default = "default";

    public int Index { get; } = index;

    public string Name { get; } = name;

    public int Limit { get; } = limit;

    /// <summary>A bucket's length on the clock of <see cref="TimeProvider.GetTimestamp"/>, rounded up.</summary>
    public long BucketTicks { get; } = Stopwatch.Frequency * windowSeconds / Buckets + 1;

    /// <summary>A bucket's length in microseconds, rounded up.</summary>
    public long BucketMicroseconds { get; } = 1_000_000L * windowSeconds / Buckets + 1;

    /// <summary>A bucket's length in seconds.</summary>
    public double BucketSeconds => BucketMicroseconds / 1e6;

    /// <summary>Its member of the RateLimit-Policy header.</summary>
    public string Description { get; } = $"\"{name}\";q={limit};w={windowSeconds}";

    /// <summary>Its member of the RateLimit header. A permit can count for a bucket longer than the window, but clients take <c>t</c> for a part of it.</summary>
    public string Text(int remaining, int waitSeconds) =>
        string.Create(
            CultureInfo.InvariantCulture,
            stackalloc char[128],
            $"\"{Name}\";r={remaining};t={Math.Min(waitSeconds, windowSeconds)}"
        );

    /// <summary>When, on the clock, the permits of this bucket don't count any more.</summary>
    public long EndOf(long bucket) => (bucket + Buckets + 1) * BucketTicks;
}

/// <summary>The limits that a request to a route counts for.</summary>
/// <param name="Policies">The limits, the general one first.</param>
/// <param name="Cost">How many permits it takes.</param>
internal sealed record RateLimitPolicies(RateLimitPolicy[] Policies, int Cost)
{
    /// <summary>The RateLimit-Policy header.</summary>
    public StringValues Header { get; } = string.Join(", ", Policies.Select(policy => policy.Description));

    /// <summary>How many permits it takes of a policy: a request that costs more than there ever are takes all.</summary>
    public int CostOf(RateLimitPolicy policy) => Math.Min(Cost, policy.Limit);
}
