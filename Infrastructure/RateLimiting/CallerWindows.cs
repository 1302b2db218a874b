namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>The windows of the callers that this process has seen lately: a table whose size never changes.</summary>
/// <remarks>
/// A caller has a place in one set of <see cref="Ways"/>, chosen by a hash that nobody outside can foresee. Where the set is full a window takes the
/// place of one that has ended, else of the one with the fewest permits in use: whoever fills the table with new callers forgets those that have
/// hardly begun, never those whom a limit holds back, and locks nobody out.
/// </remarks>
internal sealed class CallerWindows
{
    private const int Ways = 16;
    private const int Locks = 256;

    private readonly int _sets;
    private readonly (RateLimitCaller Caller, int Policy)[] _keys;
    private readonly SlidingWindow?[] _windows;
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
    private readonly RateLimitMetrics _metrics;

    public CallerWindows(RateLimitSettings settings, RateLimitMetrics metrics)
    {
        _sets = (settings.MaxCallers + Ways - 1) / Ways;
        _keys = new (RateLimitCaller, int)[_sets * Ways];
        _windows = new SlidingWindow?[_sets * Ways];
        _metrics = metrics;
    }

    /// <summary>How many windows there are.</summary>
    public int Count => _windows.Count(window => window is not null);

    /// <summary>How many bytes their entries take.</summary>
    public long Bytes => _windows.Sum(window => (long)(window?.Bytes ?? 0));

    /// <summary>Counts a request if the limit allows it.</summary>
    public Standing Charge(RateLimitCaller caller, RateLimitPolicy policy, int cost, long now)
    {
        var (set, guard) = PlaceOf(caller, policy);
        lock (guard)
        {
            var place = Find(set, caller, policy);
            if (place < 0)
            {
                place = FreePlace(set, now);
                _keys[place] = (caller, policy.Index);
                _windows[place] = new SlidingWindow();
            }

            return _windows[place]!.Charge(policy, cost, now);
        }
    }

    /// <summary>Gives back what was counted in this bucket, if it still is.</summary>
    /// <returns>How the caller stands then.</returns>
    public Standing GiveBack(RateLimitCaller caller, RateLimitPolicy policy, int cost, long bucket, long now)
    {
        var (set, guard) = PlaceOf(caller, policy);
        lock (guard)
        {
            var place = Find(set, caller, policy);
            return place < 0
                ? new(true, policy.Limit, 0, bucket)
                : _windows[place]!.GiveBack(policy, cost, bucket, now);
        }
    }

    private (int Set, Lock Guard) PlaceOf(RateLimitCaller caller, RateLimitPolicy policy)
    {
        // HashCode has a seed of its own in each process.
        var hash = (uint)HashCode.Combine(caller.High, caller.Low, caller.IsUser, policy.Index);
        var set = (int)((ulong)hash * (uint)_sets >> 32);
        return (set * Ways, _locks[set % Locks]);
    }

    private int Find(int set, RateLimitCaller caller, RateLimitPolicy policy)
    {
        for (var place = set; place < set + Ways; place++)
        {
            if (_windows[place] is not null && _keys[place] == (caller, policy.Index))
            {
                return place;
            }
        }

        return -1;
    }

    private int FreePlace(int set, long now)
    {
        var fewest = set;
        for (var place = set; place < set + Ways; place++)
        {
            if (_windows[place] is not { } window || window.EndsAt <= now)
            {
                return place;
            }

            if (window.Used < _windows[fewest]!.Used)
            {
                fewest = place;
            }
        }

        _metrics.Forgot();
        return fewest;
    }
}
