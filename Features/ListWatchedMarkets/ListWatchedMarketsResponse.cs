using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ListWatchedMarkets;

/// <summary>A market that the caller watches.</summary>
public sealed record ListWatchedMarketsResponse : MarketItem
{
    /// <summary>The caller's note, or null.</summary>
    /// <example>Sell when the gauge falls below 1 m</example>
    [JsonPropertyOrder(1)]
    public string? Note { get; init; }

    /// <summary>When the caller started watching the market, in UTC.</summary>
    /// <example>2026-11-22T08:15:30.123456Z</example>
    [JsonPropertyOrder(1)]
    public DateTime WatchedAt { get; init; }
}
