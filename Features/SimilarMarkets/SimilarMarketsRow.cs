namespace MarketsApi.Features.SimilarMarkets;

/// <summary>The market that others are to be similar to.</summary>
internal sealed record SimilarMarketsRow
{
    /// <summary>Its status.</summary>
    public string Status { get; init; } = "";

    /// <summary>Its creator.</summary>
    public Guid CreatorId { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its description.</summary>
    public string Description { get; init; } = "";

    /// <summary>The vector of just this text; null when it has none yet.</summary>
    public byte[]? Vector { get; init; }
}
