using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>A limit: never more permits than this within any window of this length.</summary>
/// <param name="index">Tells policies apart within the process.</param>
/// <param name="name">The name in the headers.</param>
/// <param name="limit">The permits.</param>
/// <param name="windowSeconds">The window's length.</param>
internal sealed class RateLimitPolicy(int index, string name, int limit, int windowSeconds)
{
    /// <summary>
    /// How many buckets a window has. A permit counts from when it is given until its whole bucket has left the window: never too short,
    /// and too long by a bucket at most, so that whoever asks steadily gets 120/121 of the limit (99 %).
    /// </summary>
    public const int Buckets = 120;

    /// <summary>The name of the limit that everything counts for.</summary>
    public const string Default = "default";

    private const int MostTexts = 10_000;

    private readonly string _beginning = $"\"{name}\";r=";
    private readonly StringValues[] _texts =
        (limit + 1L) * WaitsOf(windowSeconds) <= MostTexts
            ? new StringValues[(limit + 1) * WaitsOf(windowSeconds)]
            : [];

    public int Index { get; } = index;

    public string Name { get; } = name;

    public int Limit { get; } = limit;

    /// <summary>A bucket's length on the clock of <see cref="TimeProvider.GetTimestamp"/>, rounded up.</summary>
    public long BucketTicks { get; } = Stopwatch.Frequency * windowSeconds / Buckets + 1;

    /// <summary>A bucket's length in microseconds, rounded up.</summary>
    public long BucketMicroseconds { get; } = 1_000_000L * windowSeconds / Buckets + 1;

    /// <summary>A bucket's length in seconds.</summary>
    public double BucketSeconds => BucketMicroseconds / 1e6;

    /// <summary>What RateLimit-Policy says of it.</summary>
    public string Description { get; } = $"\"{name}\";q={limit};w={windowSeconds}";

    /// <summary>What RateLimit says of it; remembered where there are so few of them that it doesn't have to be written anew for each answer.</summary>
    public StringValues Text(int remaining, int waitSeconds)
    {
        var place = remaining * WaitsOf(windowSeconds) + waitSeconds;
        return (uint)place >= (uint)_texts.Length || waitSeconds >= WaitsOf(windowSeconds)
                ? Write(remaining, waitSeconds)
            : _texts[place] is { Count: 1 } text ? text
            : _texts[place] = Write(remaining, waitSeconds);
    }

    /// <summary>When, on the clock, what was given in this bucket doesn't count any more.</summary>
    public long EndOf(long bucket) => (bucket + Buckets + 1) * BucketTicks;

    /// <summary>From no second to the window's with a bucket more, rounded up.</summary>
    private static int WaitsOf(int windowSeconds) => windowSeconds + 3;

    private StringValues Write(int remaining, int waitSeconds) =>
        string.Create(CultureInfo.InvariantCulture, stackalloc char[128], $"{_beginning}{remaining};t={waitSeconds}");
}
