using System.Globalization;
using MarketsApi.Infrastructure.Embeddings;

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

    /// <summary>Searches by words, and by vectors: meaning is weighed in, likeness only fills what words left empty.</summary>
    public async Task<SearchMarketsResponse> RunAsync(
        DatabaseReader database,
        VectorSearch vectors,
        CancellationToken cancellationToken
    )
    {
        var model = await vectors.FindServingAsync(cancellationToken);
        var asked = model is { IsSemantic: true } ? FindNearAsync(model) : null;
        var found = await FindAsync(this);
        if (found.Count < Limit)
        {
            asked ??= model is null ? null : FindNearAsync(model);
            found = await FindAsync(Exhaustive());
        }

        var near = asked is null ? null : await asked;
        var fusion = new SearchMarketsFusion(found, near ?? [], model is { IsSemantic: true });
        if (fusion.Missing is { Length: > 0 } ids)
        {
            fusion.Add(
                await database.QueryAsync<SearchMarketsItem>(
                    SearchMarketsSql.ByIds,
                    new { Ids = ids },
                    cancellationToken
                )
            );
        }

        var isLexical = model is null || (asked is not null && near is null);
        return new(
            fusion.Best(Limit, Explains),
            new SearchMarketsMeta(Limit, isLexical ? SearchMarketsMode.Lexical : SearchMarketsMode.Hybrid)
        );

        Task<IReadOnlyList<SearchMarketsItem>> FindAsync(SearchMarketsQuery words) =>
            database.QueryAsync<SearchMarketsItem>(words.ToSql(), words, cancellationToken);

        Task<IReadOnlyList<VectorHit>?> FindNearAsync(VectorModel serving) =>
            vectors.FindAsync(serving, Text, Limit, Status, Category, cancellationToken);
    }
}
