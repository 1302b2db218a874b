using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>How an answer came about.</summary>
/// <param name="Limit">The most items of this request's answer.</param>
/// <param name="Mode"><c>hybrid</c> when vectors stood beside words, <c>lexical</c> when there were only words.</param>
public sealed record SearchMarketsMeta(int Limit, [property: AllowedValues(typeof(SearchMarketsMode))] string Mode);
