namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>The windows of the callers that this process has seen lately: a table that never grows beyond its size.</summary>
/// <remarks>
/// A caller has a place in one set of <see cref="Ways"/>, chosen by a hash that a caller can't foresee. Where the set is full, a new window replaces
/// one that has ended, else the one with the fewest permits in use. So a flood of new callers drops the windows of callers who have
/// hardly begun, never those that a limit holds back, and it locks no caller out.
/// </remarks>
internal sealed class WindowTable
{
    private const int Ways = 16;
    private const int Locks = 256;

    /// <summary>A set has room from its first caller on: most processes never see so many callers as they could remember.</summary>
    private readonly Place[]?[] _sets;
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
    private readonly RateLimitMetrics _metrics;

    public WindowTable(RateLimitSettings settings, RateLimitMetrics metrics)
    {
        _sets = new Place[]?[(settings.MaxCallers + Ways - 1) / Ways];
        _metrics = metrics;
    }

    /// <summary>How many windows there are.</summary>
    public int Count => Windows.Count();

    /// <summary>How many bytes their entries take.</summary>
    public long Bytes => Windows.Sum(window => (long)window.Bytes);

    private IEnumerable<SlidingWindow> Windows =>
        _sets.SelectMany(set => set ?? []).Select(place => place.Window).OfType<SlidingWindow>();

    /// <summary>Counts a request if the limit allows it.</summary>
    public WindowState Charge(RateLimitCaller caller, RateLimitPolicy policy, int cost, long now)
    {
        var number = SetOf(caller, policy);
        lock (_locks[number % Locks])
        {
            var set = _sets[number] ??= new Place[Ways];
            var at = Find(set, caller, policy);
            if (at < 0)
            {
                at = FreePlace(set, now);
                set[at] = new(caller, policy.Index, new SlidingWindow());
            }

            return set[at].Window!.Charge(policy, cost, now);
        }
    }

    /// <summary>Gives back what was counted in this bucket, if it still is.</summary>
    /// <returns>The state after that.</returns>
    public WindowState GiveBack(RateLimitCaller caller, RateLimitPolicy policy, int cost, long bucket, long now)
    {
        var number = SetOf(caller, policy);
        lock (_locks[number % Locks])
        {
            var set = _sets[number] ?? [];
            var at = Find(set, caller, policy);
            return at < 0 ? new(true, policy.Limit, 0, bucket) : set[at].Window!.GiveBack(policy, cost, bucket, now);
        }
    }

    private int SetOf(RateLimitCaller caller, RateLimitPolicy policy)
    {
        // HashCode has a seed of its own in each process.
        var hash = (uint)HashCode.Combine(caller.High, caller.Low, caller.IsUser, policy.Index);
        return (int)((ulong)hash * (uint)_sets.Length >> 32);
    }

    private static int Find(Place[] set, RateLimitCaller caller, RateLimitPolicy policy)
    {
        for (var at = 0; at < set.Length; at++)
        {
            ref var place = ref set[at];
            if (place.Window is not null && place.Policy == policy.Index && place.Caller == caller)
            {
                return at;
            }
        }

        return -1;
    }

    private int FreePlace(Place[] set, long now)
    {
        var fewest = 0;
        for (var at = 0; at < set.Length; at++)
        {
            if (set[at].Window is not { } window || window.EndsAt <= now)
            {
                return at;
            }

            if (window.Used < set[fewest].Window!.Used)
            {
                fewest = at;
            }
        }

        _metrics.Forgot();
        return fewest;
    }

    private readonly record struct Place(RateLimitCaller Caller, int Policy, SlidingWindow? Window);
}
