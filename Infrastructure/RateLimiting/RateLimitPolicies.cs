using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>What a request to a route counts for.</summary>
/// <param name="Policies">The limits, the general one first.</param>
/// <param name="Cost">How many permits it takes.</param>
internal sealed record RateLimitPolicies(RateLimitPolicy[] Policies, int Cost)
{
    /// <summary>The RateLimit-Policy header.</summary>
    public StringValues Header { get; } = string.Join(", ", Policies.Select(policy => policy.Description));

    /// <summary>What it takes of a policy: a request that costs more than there ever is takes all.</summary>
    public int CostOf(RateLimitPolicy policy) => Math.Min(Cost, policy.Limit);
}
