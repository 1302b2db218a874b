namespace MarketsApi.Features.SeedMarkets;

/// <summary>What a seeding added.</summary>
internal sealed record SeedMarketsResult
{
    /// <summary>Markets that weren't there.</summary>
    public long Markets { get; init; }

    /// <summary>Users that weren't there.</summary>
    public long Users { get; init; }

    /// <summary>Positions on the new markets.</summary>
    public long Positions { get; init; }
}
