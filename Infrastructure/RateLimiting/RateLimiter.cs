using System.Collections.Concurrent;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>Counts requests: in memory first, which keeps this instance within the limits whatever happens to Redis, then in Redis for all instances.</summary>
internal sealed class RateLimiter
{
    private readonly WindowTable _windows;
    private readonly RedisWindows _redis;
    private readonly TimeProvider _clock;
    private readonly RateLimitPolicies _general;
    private readonly Dictionary<string, RateLimitPolicy> _policies;
    private readonly ConcurrentDictionary<(string? Policy, int Cost), RateLimitPolicies> _plans = new();

    public RateLimiter(RateLimitSettings settings, WindowTable windows, RedisWindows redis, TimeProvider clock)
    {
        (_windows, _redis, _clock) = (windows, redis, clock);
        var general = new RateLimitPolicy(0, RateLimitPolicy.Default, settings.PermitLimit, settings.WindowSeconds);
        _general = new RateLimitPolicies([general], 1);
        _policies = settings
            .Policies.Select(
                (policy, i) =>
                    new RateLimitPolicy(i + 1, policy.Key, policy.Value.PermitLimit, policy.Value.WindowSeconds)
            )
            .ToDictionary(policy => policy.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether the instances count together.</summary>
    public bool IsShared => _redis.IsUp;

    /// <summary>The limits that a request counts for, and how much.</summary>
    public RateLimitPolicies PlanOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RateLimitMetadata>() is { } metadata
            ? _plans.GetOrAdd((metadata.Policy, metadata.CostOf(context.Request)), PlanOf)
            : _general;

    /// <summary>Counts a request in this process.</summary>
    public RateLimitLease Charge(RateLimitPolicies plan, RateLimitCaller caller)
    {
        var lease = new RateLimitLease(plan, caller);
        var now = _clock.GetTimestamp();
        for (var i = 0; i < plan.Policies.Length; i++)
        {
            var policy = plan.Policies[i];
            ref var state = ref lease.InMemory(i);
            state = _windows.Charge(caller, policy, plan.CostOf(policy), now);
            lease.IsPermitted &= state.IsPermitted;
        }

        if (!lease.IsPermitted)
        {
            GiveBackInMemory(lease);
        }

        return lease;
    }

    /// <summary>Counts a request in Redis, too, that this process lets through.</summary>
    public async Task ChargeSharedAsync(RateLimitLease lease)
    {
        lease.InRedis = await _redis.ChargeAsync(lease.Plan, lease.Caller);
        if (lease.InRedis?.All(state => state.IsPermitted) == false)
        {
            lease.IsPermitted = false;
            GiveBackInMemory(lease);
        }
    }

    /// <summary>Gives back the permits of a request, which then costs nothing.</summary>
    public void GiveBack(RateLimitLease lease)
    {
        GiveBackInMemory(lease);
        if (lease.InRedis is { } states)
        {
            _redis.GiveBack(lease.Plan, lease.Caller, states);
            for (var i = 0; i < states.Length; i++)
            {
                var policy = lease.Plan.Policies[i];
                var remaining = states[i].Remaining + lease.Plan.CostOf(policy);
                var wait = remaining == policy.Limit ? 0 : states[i].Wait;
                states[i] = states[i] with { Remaining = remaining, Wait = wait };
            }
        }
    }

    private RateLimitPolicies PlanOf((string? Policy, int Cost) declared) =>
        declared.Policy is not null && _policies.TryGetValue(declared.Policy, out var policy)
            ? new RateLimitPolicies([.. _general.Policies, policy], declared.Cost)
            : _general with
            {
                Cost = declared.Cost,
            };

    private void GiveBackInMemory(RateLimitLease lease)
    {
        var now = _clock.GetTimestamp();
        for (var i = 0; i < lease.Plan.Policies.Length; i++)
        {
            var policy = lease.Plan.Policies[i];
            ref var state = ref lease.InMemory(i);
            if (state.IsPermitted)
            {
                var cost = lease.Plan.CostOf(policy);
                state = _windows.GiveBack(lease.Caller, policy, cost, state.Bucket, now);
            }
            else if (IsShared)
            {
                // In Redis buckets begin at other times: there the wait may be longer, by a bucket at most.
                state = state with
                {
                    Wait = state.Wait + policy.BucketSeconds,
                };
            }
        }
    }
}

/// <summary>What the limits decided about one request.</summary>
/// <param name="plan">The limits that it counts for.</param>
/// <param name="caller">The caller that it counts for.</param>
internal sealed class RateLimitLease(RateLimitPolicies plan, RateLimitCaller caller)
{
    private readonly WindowState[] _others = plan.Policies.Length > 1 ? new WindowState[plan.Policies.Length - 1] : [];
    private WindowState _general;

    public RateLimitPolicies Plan { get; } = plan;

    public RateLimitCaller Caller { get; } = caller;

    /// <summary>The states in Redis; null when it wasn't asked or didn't respond.</summary>
    public WindowState[]? InRedis { get; set; }

    /// <summary>Whether the request may pass.</summary>
    public bool IsPermitted { get; set; } = true;

    /// <summary>The state of one of the limits in this process' memory. Most requests count for the general one alone, the first.</summary>
    public ref WindowState InMemory(int policy) => ref policy == 0 ? ref _general : ref _others[policy - 1];

    /// <summary>The state of one of the limits, by all that is known.</summary>
    public WindowState Of(int policy)
    {
        var here = InMemory(policy);
        if (InRedis is null)
        {
            return here;
        }

        var there = InRedis[policy];
        return there with
        {
            IsPermitted = here.IsPermitted && there.IsPermitted,
            Remaining = Math.Min(here.Remaining, there.Remaining),
        };
    }
}
