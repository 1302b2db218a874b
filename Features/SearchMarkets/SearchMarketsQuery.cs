using System.Globalization;
using MarketsApi.Infrastructure.Database;
using MarketsApi.Infrastructure.Validation;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>A valid request as one statement with its parameters.</summary>
internal sealed class SearchMarketsQuery(SearchMarketsRequest request)
{
    /// <summary>What is looked for, in the form in which names are stored.</summary>
    public string Text { get; } = PlainText.Stored(request.Q!);

    public int Limit { get; } = request.Limit ?? SearchMarketsRequest.DefaultLimit;

    public string? Status => request.Status;

    public string? Category => request.Category;

    public bool Explains => request.Explain == true;

    /// <summary>Whether to find, too, what has none but the query's commonest words.</summary>
    public bool IsExhaustive { get; private init; }

    /// <summary>The whole request in one spelling: what differs here may be answered differently.</summary>
    public string Key =>
        string.Create(CultureInfo.InvariantCulture, $"/api/markets/search|{Limit}|{Status}|{Category}|{Text}");

    /// <summary>The same search without a short cut, for when that found too few.</summary>
    public SearchMarketsQuery Exhaustive() => new(request) { IsExhaustive = true };

    /// <summary>The statement.</summary>
    public SqlText ToSql() =>
        new SqlText()
            .Add(SearchMarketsSql.Start)
            .AddIf(Status is not null, SearchMarketsSql.OfStatus)
            .AddIf(Category is not null, SearchMarketsSql.OfCategory)
            .Add(SearchMarketsSql.End);

    /// <summary>The answer that these markets make.</summary>
    public SearchMarketsResponse ResponseOf(IReadOnlyList<SearchMarketsItem> found) =>
        new(
            Explains
                ? [.. found.Select((item, index) => item with { Ranks = new(index + 1, item.Score, null) })]
                : found,
            new SearchMarketsMeta(Limit, SearchMarketsMode.Lexical)
        );
}
