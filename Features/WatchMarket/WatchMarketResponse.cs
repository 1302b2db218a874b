namespace MarketsApi.Features.WatchMarket;

/// <summary>A market that the caller watches.</summary>
public sealed record WatchMarketResponse
{
    /// <summary>The market's id.</summary>
    public Guid MarketId { get; init; }

    /// <summary>The caller's note, or null.</summary>
    /// <example>Sell when the gauge falls below 1 m</example>
    public string? Note { get; init; }

    /// <summary>When the caller started watching the market, in UTC. A repeated request doesn't change it.</summary>
    /// <example>2026-11-22T08:15:30.123456Z</example>
    public DateTime WatchedAt { get; init; }
}
