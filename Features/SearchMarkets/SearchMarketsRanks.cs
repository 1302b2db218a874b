namespace MarketsApi.Features.SearchMarkets;

/// <summary>How each method of search ranked a market.</summary>
/// <param name="Words">Its place among those found by words, from 1; null when it was not.</param>
/// <param name="WordScore">What its words are worth; null when none was found.</param>
/// <param name="Vectors">Its place among those found by vectors, from 1; null when it was not, or none were asked for.</param>
public sealed record SearchMarketsRanks(int? Words, double? WordScore, int? Vectors);
