namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>What a route says about limits.</summary>
/// <param name="Policy">A limit that its requests count for besides the general one; null for none.</param>
/// <param name="Cost">How many permits a request takes.</param>
internal sealed record RateLimitMetadata(string? Policy, int Cost);
