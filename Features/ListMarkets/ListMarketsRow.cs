using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ListMarkets;

/// <summary>A row of the list's statement; on an empty page that is counted, one without a market.</summary>
internal sealed record ListMarketsRow : MarketItem
{
    /// <summary>The size of the whole list, when it is counted.</summary>
    [JsonIgnore]
    public long? Total { get; init; }
}
