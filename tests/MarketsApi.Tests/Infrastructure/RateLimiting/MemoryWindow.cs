using System.Diagnostics;
using MarketsApi.Infrastructure.RateLimiting;

namespace MarketsApi.Tests.Infrastructure.RateLimiting;

/// <summary>A window in memory.</summary>
internal sealed class MemoryWindow(RateLimitPolicy policy) : IWindow
{
    private readonly SlidingWindow _window = new();

    public long Bytes => _window.Bytes;

    public WindowState Charge(long time, int cost) => _window.Charge(policy, cost, Ticks(time));

    public void GiveBack(long time, int cost, long bucket) => _window.GiveBack(policy, cost, bucket, Ticks(time));

    private static long Ticks(long microseconds) => microseconds * (Stopwatch.Frequency / 1_000_000);
}
