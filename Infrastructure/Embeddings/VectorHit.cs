namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>A market that is near a text.</summary>
/// <param name="MarketId">Which.</param>
/// <param name="Score">The cosine of the two vectors, rounded to six decimals: 1 for the same text, about 0 for an unrelated one.</param>
public readonly record struct VectorHit(Guid MarketId, double Score);
