using MarketsApi.Infrastructure.RateLimiting;

namespace MarketsApi.Tests.Infrastructure.RateLimiting;

/// <summary>One caller's window of one limit, in memory or in Redis, by a clock that the test moves.</summary>
internal interface IWindow
{
    /// <summary>Counts a request at this time, in microseconds.</summary>
    WindowState Charge(long time, int cost);

    /// <summary>Gives back what was counted in this bucket.</summary>
    void GiveBack(long time, int cost, long bucket);

    /// <summary>How many bytes it takes.</summary>
    long Bytes { get; }
}
