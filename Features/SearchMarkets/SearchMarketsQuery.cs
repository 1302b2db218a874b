using System.Globalization;
using MarketsApi.Features.Shared.Search;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>A valid request, and the parameters of its statement.</summary>
internal sealed record SearchMarketsQuery(string Text, int Limit, string? Status, string? Category, bool Explains)
{
    /// <summary>Whether to find also what has only the query's commonest words.</summary>
    public bool IsExhaustive { get; private init; }

    /// <summary>The whole request in one spelling: requests that differ here may get different responses.</summary>
    public string Key =>
        string.Create(CultureInfo.InvariantCulture, $"/api/markets/search|{Limit}|{Status}|{Category}|{Text}");

    /// <summary>The text takes the form in which names are stored.</summary>
    public static SearchMarketsQuery Of(SearchMarketsRequest request) =>
        new(
            PlainText.Stored(request.Q!),
            request.Limit ?? SearchMarketsRequest.DefaultLimit,
            request.Status,
            request.Category,
            request.Explain == true
        );

    /// <summary>Searches by words, and by vectors: meaning is weighed in, likeness only fills what words left empty.</summary>
    public async Task<SearchMarketsResponse> RunAsync(
        DatabaseReader database,
        VectorSearch vectors,
        CancellationToken cancellationToken
    )
    {
        var model = await vectors.FindServingAsync(cancellationToken);
        // When words fail, the embedding is cancelled too, and never left unobserved.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var nearest = model is { IsSemantic: true } ? FindNearAsync(model) : null;
        try
        {
            var found = await FindAsync(this);
            if (found.Count < Limit)
            {
                nearest ??= model is null ? null : FindNearAsync(model);
                found = await FindAsync(this with { IsExhaustive = true });
            }

            var near = nearest is null ? null : await nearest;
            var fusion = new SearchMarketsFusion(found, near ?? [], model is { IsSemantic: true });
            if (fusion.Missing is { Length: > 0 } ids)
            {
                fusion.Add(
                    await database.QueryAsync<SearchMarketsItem>(
                        SearchMarketsSql.SelectByIds,
                        new { Ids = ids },
                        cancellationToken
                    )
                );
            }

            var isLexical = model is null || (nearest is not null && near is null);
            return new(
                fusion.Best(Limit, Explains),
                new SearchMarketsMeta(Limit, isLexical ? SearchMarketsMode.Lexical : SearchMarketsMode.Hybrid)
            );
        }
        finally
        {
            if (nearest is { IsCompleted: false })
            {
                await either.CancelAsync();
            }

            await (nearest ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<IReadOnlyList<SearchMarketsItem>> FindAsync(SearchMarketsQuery words) =>
            database.QueryAsync<SearchMarketsItem>(SearchMarketsSql.SelectByWords, words, cancellationToken);

        Task<IReadOnlyList<VectorHit>?> FindNearAsync(VectorModel serving) =>
            vectors.FindAsync(serving, Text, Limit, Status, Category, either.Token);
    }
}
