using System.Collections.Concurrent;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>Counts requests: in memory first, which keeps this instance within the limits whatever becomes of Redis, then in Redis for all instances.</summary>
internal sealed class RateLimiter
{
    private readonly WindowTable _windows;
    private readonly RedisWindows _redis;
    private readonly TimeProvider _clock;
    private readonly RateLimitPolicies _general;
    private readonly Dictionary<string, RateLimitPolicy> _policies;
    private readonly ConcurrentDictionary<RateLimitMetadata, RateLimitPolicies> _plans = new();

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

    /// <summary>What a request to this endpoint counts for.</summary>
    public RateLimitPolicies PlanOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<RateLimitMetadata>() is { } metadata
            ? _plans.GetOrAdd(metadata, PlanOf)
            : _general;

    /// <summary>Counts a request in this process.</summary>
    public RateLimitLease Charge(RateLimitPolicies plan, RateLimitCaller caller)
    {
        var verdict = new RateLimitLease(plan, caller);
        var now = _clock.GetTimestamp();
        for (var i = 0; i < plan.Policies.Length; i++)
        {
            var policy = plan.Policies[i];
            ref var standing = ref verdict.InMemory(i);
            standing = _windows.Charge(caller, policy, plan.CostOf(policy), now);
            verdict.IsPermitted &= standing.IsPermitted;
        }

        if (!verdict.IsPermitted)
        {
            GiveBackInMemory(verdict);
        }

        return verdict;
    }

    /// <summary>Counts in Redis, too, what this process lets through.</summary>
    public async Task ChargeSharedAsync(RateLimitLease verdict)
    {
        verdict.InRedis = await _redis.ChargeAsync(verdict.Plan, verdict.Caller);
        if (verdict.InRedis?.All(standing => standing.IsPermitted) == false)
        {
            verdict.IsPermitted = false;
            GiveBackInMemory(verdict);
        }
    }

    /// <summary>Gives back what a request has taken: it shall cost nothing.</summary>
    public void GiveBack(RateLimitLease verdict)
    {
        GiveBackInMemory(verdict);
        if (verdict.InRedis is { } standings)
        {
            _redis.GiveBack(verdict.Plan, verdict.Caller, standings);
            for (var i = 0; i < standings.Length; i++)
            {
                var policy = verdict.Plan.Policies[i];
                var remaining = standings[i].Remaining + verdict.Plan.CostOf(policy);
                var wait = remaining == policy.Limit ? 0 : standings[i].Wait;
                standings[i] = standings[i] with { Remaining = remaining, Wait = wait };
            }
        }
    }

    private RateLimitPolicies PlanOf(RateLimitMetadata metadata) =>
        metadata.Policy is not null && _policies.TryGetValue(metadata.Policy, out var policy)
            ? new RateLimitPolicies([.. _general.Policies, policy], metadata.Cost)
            : _general with
            {
                Cost = metadata.Cost,
            };

    private void GiveBackInMemory(RateLimitLease verdict)
    {
        var now = _clock.GetTimestamp();
        for (var i = 0; i < verdict.Plan.Policies.Length; i++)
        {
            var policy = verdict.Plan.Policies[i];
            ref var standing = ref verdict.InMemory(i);
            if (standing.IsPermitted)
            {
                var cost = verdict.Plan.CostOf(policy);
                standing = _windows.GiveBack(verdict.Caller, policy, cost, standing.Bucket, now);
            }
            else if (IsShared)
            {
                // In Redis buckets begin at other times: there the wait may be longer, by a bucket at most.
                standing = standing with
                {
                    Wait = standing.Wait + policy.BucketSeconds,
                };
            }
        }
    }
}
