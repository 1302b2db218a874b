using System.Diagnostics.Metrics;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>What the limits do, as metrics (meter MarketsApi.RateLimiting).</summary>
internal sealed class RateLimitMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "MarketsApi.RateLimiting";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _alone;
    private readonly Counter<long> _forgotten;
    private int _isShared;

    public RateLimitMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        _requests = meter.CreateCounter<long>(
            "ratelimit.requests",
            "{request}",
            "Counted requests; ratelimit.policy is the limit, ratelimit.result is permitted or rejected."
        );
        _alone = meter.CreateCounter<long>(
            "ratelimit.redis.errors",
            "{request}",
            "Requests for which Redis didn't respond in time, so that memory alone decided."
        );
        _forgotten = meter.CreateCounter<long>(
            "ratelimit.callers.forgotten",
            "{caller}",
            "Callers whose windows were dropped before their end because the table was full."
        );
        meter.CreateObservableGauge(
            "ratelimit.shared",
            () => Volatile.Read(ref _isShared),
            "{state}",
            "Whether the instances count together, in Redis: 0 when each counts for itself."
        );
    }

    public void Decided(RateLimitLease lease)
    {
        if (!_requests.Enabled)
        {
            return;
        }

        for (var i = 0; i < lease.Plan.Policies.Length; i++)
        {
            _requests.Add(
                1,
                new("ratelimit.policy", lease.Plan.Policies[i].Name),
                new("ratelimit.result", lease.Of(i).IsPermitted ? "permitted" : "rejected")
            );
        }
    }

    public void RedisFailed() => _alone.Add(1);

    public void Forgot() => _forgotten.Add(1);

    public void SetShared(bool isShared) => Volatile.Write(ref _isShared, isShared ? 1 : 0);
}
