using System.Diagnostics;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>The permits that one caller has been given within the last window of one limit. Not safe for several threads.</summary>
/// <remarks>
/// A ring of the buckets in which there are any, oldest first, so it never has more than <see cref="RateLimitPolicy.Buckets"/> + 1 of them,
/// nor more than there are permits; its length is a power of two (8 bytes each). <see cref="RateLimitScripts"/> does the same in Redis.
/// </remarks>
internal sealed class SlidingWindow
{
    /// <summary>An entry is a bucket's number and, in its lowest bits, how many permits were given in it.</summary>
    private const int CountBits = 24;

    private const ulong CountMask = (1 << CountBits) - 1;

    private ulong[] _ring = new ulong[2];
    private int _first;
    private int _length;

    /// <summary>How many of its permits are in use, as of the last request.</summary>
    public int Used { get; private set; }

    /// <summary>From when on nothing in it counts any more.</summary>
    public long EndsAt { get; private set; }

    /// <summary>How many bytes its entries take.</summary>
    public int Bytes => _ring.Length * sizeof(ulong);

    /// <summary>Counts a request if the limit allows it; one that it doesn't allow leaves no trace.</summary>
    public WindowState Charge(RateLimitPolicy policy, int cost, long now)
    {
        var bucket = now / policy.BucketTicks;
        if (_length > 0)
        {
            // Another thread may have been quicker with a later time.
            bucket = Math.Max(bucket, BucketAt(_length - 1));
        }

        while (_length > 0 && BucketAt(0) + RateLimitPolicy.Buckets < bucket)
        {
            Used -= CountAt(0);
            _first = PlaceOf(1);
            _length--;
        }

        if (Used + cost > policy.Limit)
        {
            return new(false, policy.Limit - Used, SecondsUntilFree(policy, cost, now), bucket);
        }

        Add(bucket, cost);
        Used += cost;
        EndsAt = policy.EndOf(bucket);
        return new(true, policy.Limit - Used, SecondsUntil(policy.EndOf(BucketAt(0)), now), bucket);
    }

    /// <summary>Gives back what was counted in this bucket, if it still is.</summary>
    /// <returns>The state after that.</returns>
    public WindowState GiveBack(RateLimitPolicy policy, int cost, long bucket, long now)
    {
        for (var at = _length - 1; at >= 0 && BucketAt(at) >= bucket; at--)
        {
            if (BucketAt(at) == bucket)
            {
                var back = Math.Min(cost, CountAt(at));
                _ring[PlaceOf(at)] -= (ulong)back;
                Used -= back;
            }
        }

        return new(true, policy.Limit - Used, SecondsUntilFree(policy, policy.Limit - Used + 1, now), bucket);
    }

    private static double SecondsUntil(long time, long now) => Math.Max(0, (double)(time - now) / Stopwatch.Frequency);

    /// <summary>How long it takes until this many permits are free; 0 when they are, or never will be.</summary>
    private double SecondsUntilFree(RateLimitPolicy policy, int cost, long now)
    {
        var missing = Used + cost - policy.Limit;
        for (var at = 0; at < _length && missing > 0; at++)
        {
            missing -= CountAt(at);
            if (missing <= 0)
            {
                return SecondsUntil(policy.EndOf(BucketAt(at)), now);
            }
        }

        return 0;
    }

    private void Add(long bucket, int cost)
    {
        if (_length > 0 && BucketAt(_length - 1) == bucket)
        {
            _ring[PlaceOf(_length - 1)] += (ulong)cost;
            return;
        }

        if (_length == _ring.Length)
        {
            Grow();
        }

        _ring[PlaceOf(_length++)] = (ulong)bucket << CountBits | (uint)cost;
    }

    private void Grow()
    {
        var ring = new ulong[_ring.Length * 2];
        for (var at = 0; at < _length; at++)
        {
            ring[at] = _ring[PlaceOf(at)];
        }

        (_ring, _first) = (ring, 0);
    }

    private int PlaceOf(int at) => _first + at & _ring.Length - 1;

    private long BucketAt(int at) => (long)(_ring[PlaceOf(at)] >> CountBits);

    private int CountAt(int at) => (int)(_ring[PlaceOf(at)] & CountMask);
}

/// <summary>The state of a caller's window after a request has been counted or turned away.</summary>
/// <param name="IsPermitted">Whether the limit lets the request through.</param>
/// <param name="Remaining">How many permits are left.</param>
/// <param name="Wait">Seconds until the first of the used permits comes back, or until the request would be let through; 0 when none is used.</param>
/// <param name="Bucket">The bucket in which the request was counted.</param>
internal readonly record struct WindowState(bool IsPermitted, int Remaining, double Wait, long Bucket)
{
    /// <summary><see cref="Wait"/> in whole seconds, rounded up.</summary>
    public int WaitSeconds => (int)Math.Ceiling(Wait);
}
