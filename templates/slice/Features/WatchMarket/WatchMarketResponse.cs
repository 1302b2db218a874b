namespace MarketsApi.Features.WatchMarket;

/// <summary>What goes back.</summary>
public sealed record WatchMarketResponse
{
    /// <summary>The market's id.</summary>
    public Guid MarketId { get; init; }

    /// <summary>The caller's note, or null.</summary>
    /// <example>Mine</example>
    public string? Note { get; init; }

    /// <summary>When the caller started watching the market, in UTC. A repeated request doesn't change it.</summary>
    /// <example>2026-11-22T08:15:30.123456Z</example>
    public DateTime SavedAt { get; init; }
}
