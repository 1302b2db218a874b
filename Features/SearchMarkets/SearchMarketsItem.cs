using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>A market that was found.</summary>
public sealed record SearchMarketsItem : MarketItem
{
    /// <summary>How well it matches; comparable within one answer only.</summary>
    /// <example>17.25</example>
    [JsonPropertyOrder(1)]
    public double Score { get; init; }

    /// <summary>How each method ranked it; only with <c>explain=true</c>.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchMarketsRanks? Ranks { get; init; }
}
