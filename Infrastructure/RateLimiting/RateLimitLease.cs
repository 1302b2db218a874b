namespace MarketsApi.Infrastructure.RateLimiting;

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
