using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>What was found.</summary>
/// <param name="Data">The markets, best first.</param>
/// <param name="Meta">How they were found.</param>
public sealed record SearchMarketsResponse(IReadOnlyList<SearchMarketsItem> Data, SearchMarketsMeta Meta)
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}

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

/// <summary>How each method of search ranked a market. With a provider that knows meaning, the score is the greater of wordMatch and meaning, plus a fifth of the other.</summary>
/// <param name="Words">Its place among those found by words, from 1; null when it was not.</param>
/// <param name="WordScore">What its words are worth; null when none was found.</param>
/// <param name="WordMatch">The same as a share of what a name with all words of the query would be worth; null when meaning isn't searched.</param>
/// <param name="Vectors">Its place among those found by vectors, from 1; null when it was not, or none were asked for.</param>
/// <param name="Cosine">How near its vector is to the query's; null like its place.</param>
/// <param name="Meaning">How far that is above what unrelated markets have, from 0 to 1.5; null when meaning isn't searched.</param>
public sealed record SearchMarketsRanks(
    int? Words = null,
    double? WordScore = null,
    double? WordMatch = null,
    int? Vectors = null,
    double? Cosine = null,
    double? Meaning = null
);

/// <summary>How an answer came about.</summary>
/// <param name="Limit">The most items of this request's answer.</param>
/// <param name="Mode"><c>hybrid</c> when vectors stood beside words, <c>lexical</c> when there were only words.</param>
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
