namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>A stored vector that may be near.</summary>
internal sealed record VectorRow
{
    /// <summary>Whose it is.</summary>
    public Guid MarketId { get; init; }

    /// <summary>A signed byte for each dimension.</summary>
    public byte[] Vector { get; init; } = [];
}
