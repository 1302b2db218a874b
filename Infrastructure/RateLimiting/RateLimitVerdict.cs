namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>What the limits say to one request.</summary>
/// <param name="plan">What it counts for.</param>
/// <param name="caller">Whom it counts for.</param>
internal sealed class RateLimitVerdict(RateLimitPlan plan, RateLimitCaller caller)
{
    public RateLimitPlan Plan { get; } = plan;

    public RateLimitCaller Caller { get; } = caller;

    /// <summary>How the caller stands with each limit in this process' memory.</summary>
    public Standing[] InMemory { get; } = new Standing[plan.Policies.Length];

    /// <summary>The same in Redis; null when it wasn't asked or didn't answer.</summary>
    public Standing[]? InRedis { get; set; }

    /// <summary>Whether the request may pass.</summary>
    public bool IsPermitted { get; set; } = true;

    /// <summary>How the caller stands with one of the limits, by all that is known.</summary>
    public Standing Of(int policy)
    {
        var here = InMemory[policy];
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
