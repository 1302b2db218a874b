using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>The response to a search.</summary>
/// <param name="Data">The markets, best first.</param>
/// <param name="Meta">How the markets were found.</param>
public sealed record SearchMarketsResponse(IReadOnlyList<SearchMarketsItem> Data, SearchMarketsMeta Meta)
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}

/// <summary>A market found by the search.</summary>
public sealed record SearchMarketsItem : MarketItem
{
    /// <summary>How well the market matches. Comparable only within one response.</summary>
    /// <example>17.25</example>
    [JsonPropertyOrder(1)]
    public double Score { get; init; }

    /// <summary>How each search method ranked the market. Only with <c>explain=true</c>.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchMarketsRanks? Ranks { get; init; }
}

/// <summary>How each search method ranked a market. With a semantic embedding provider, the score is the greater of wordMatch and meaning, plus a fifth of the other.</summary>
/// <param name="Words">The market's rank among those found by words, starting at 1. Null when it wasn't found by words.</param>
/// <param name="WordScore">The score of the words that matched. Null when no word matched.</param>
/// <param name="WordMatch">The word score as a fraction of the score of a name that contains all words of the query. Null when meaning isn't searched.</param>
/// <param name="Vectors">The market's rank among those found by vectors, starting at 1. Null when it wasn't found by vectors, or vectors weren't searched.</param>
/// <param name="Cosine">The cosine of the market's vector and the query's. Null when <c>vectors</c> is null.</param>
/// <param name="Meaning">How far the cosine is above that of unrelated markets, from 0 to 1.5. Null when meaning isn't searched.</param>
public sealed record SearchMarketsRanks(
    int? Words = null,
    double? WordScore = null,
    double? WordMatch = null,
    int? Vectors = null,
    double? Cosine = null,
    double? Meaning = null
);

/// <summary>How a search result was found.</summary>
/// <param name="Limit">The maximum number of items in the response.</param>
/// <param name="Mode"><c>hybrid</c> when words and vectors were searched, <c>lexical</c> when only words were.</param>
public sealed record SearchMarketsMeta(int Limit, [property: AllowedValues(typeof(SearchMarketsMode))] string Mode);

/// <summary>What was searched.</summary>
internal static class SearchMarketsMode
{
    /// <summary>Words and vectors.</summary>
    public const string Hybrid = "hybrid";

    /// <summary>Words only.</summary>
    public const string Lexical = "lexical";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Hybrid, Lexical];
}
