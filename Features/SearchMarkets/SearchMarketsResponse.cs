using System.Text.Json.Serialization;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>What was found.</summary>
/// <param name="Data">The markets, best first.</param>
/// <param name="Meta">How the answer came about.</param>
public sealed record SearchMarketsResponse(IReadOnlyList<SearchMarketsItem> Data, SearchMarketsMeta Meta)
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}
