using System.Globalization;
using System.Text.Json;
using MarketsApi.Features.Shared.Search;
using MarketsApi.Infrastructure.Caching;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>Finds markets by what people type.</summary>
public sealed class SearchMarketsEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/markets/search", HandleAsync)
            .WithName("SearchMarkets")
            .WithTags("Markets")
            .WithSummary("Search markets")
            .WithDescription(
                "Best matches first. A match in the name counts more than one in the description. Other word forms, misspellings, missing accents and the beginning of the last word match, too. With a semantic embedding provider, different words with the same meaning also match. Drafts are never found. A new or changed market can be found at once by its words. The mode is lexical when only words were searched."
            )
            .RequirePermission(Permission.Read)
            .RequirePermissionFor("explain", Permission.Admin)
            .RateLimited("search", cost: 2)
            .Validate<SearchMarketsRequest>()
            .CachesList();

    private static async Task<Results<CachedList<SearchMarketsResponse>, ProblemResult>> HandleAsync(
        [AsParameters] SearchMarketsRequest request,
        DatabaseReader database,
        VectorSearch vectors,
        ListCache cache,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var query = SearchMarketsQuery.Of(request);
        var address = query.Explains ? null : ListCache.AddressOf(context.Request);
        var (response, source) = await cache.FindAsync(query.Key, address, _ => default, LoadAsync, cancellationToken);
        return new CachedList<SearchMarketsResponse>(response, source);

        async Task<CachedListResponse> LoadAsync(CancellationToken token)
        {
            var found = await query.RunAsync(database, vectors, token);
            return new CachedListResponse(
                JsonSerializer.SerializeToUtf8Bytes(found, JsonSettings.Wire),
                NextCursor: null
            );
        }
    }
}

/// <summary>A valid request in the form in which it is run.</summary>
internal sealed record SearchMarketsQuery(string Text, int Limit, string? Status, string? Category, bool Explains)
{
    private static readonly int Many = int.Parse(SearchMarketsSql.Many, CultureInfo.InvariantCulture);

    /// <summary>How many of the nearest by spelling are compared exactly for each result: near enough, in half of the time.</summary>
    private const int SpellingCandidates = 4;

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

    /// <summary>Searches by words, and by vectors: meaning is weighed in, likeness of spelling only fills what words left empty.</summary>
    public async Task<SearchMarketsResponse> RunAsync(
        DatabaseReader database,
        VectorSearch vectors,
        CancellationToken cancellationToken
    )
    {
        var model = await vectors.FindServingAsync(cancellationToken);
        var (best, isLexical) = model is { IsSemantic: true }
            ? await FindByMeaningAsync(model, database, vectors, cancellationToken)
            : await FindBySpellingAsync(model, database, vectors, cancellationToken);
        var items = await database.QueryAsync<SearchMarketsItem>(
            SearchMarketsSql.SelectItems,
            new { Ids = best.Select(hit => hit.Id).ToArray() },
            cancellationToken
        );
        var byId = items.ToDictionary(item => item.Id);
        return new(
            [
                .. best.Where(hit => byId.ContainsKey(hit.Id))
                    .Select(hit => byId[hit.Id] with { Score = hit.Score, Ranks = Explains ? hit.Ranks : null }),
            ],
            new SearchMarketsMeta(Limit, isLexical ? SearchMarketsMode.Lexical : SearchMarketsMode.Hybrid)
        );
    }

    private async Task<(IReadOnlyList<SearchMarketsHit> Best, bool IsLexical)> FindByMeaningAsync(
        VectorModel model,
        DatabaseReader database,
        VectorSearch vectors,
        CancellationToken cancellationToken
    )
    {
        // When words fail, the embedding is cancelled too, and never left unobserved.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var nearest = vectors.FindAsync(
            database,
            model,
            Text,
            SearchMarketsFusion.NearCandidates,
            Status,
            Category,
            either.Token
        );
        try
        {
            var words = await FindByWordsAsync(database, SearchMarketsFusion.WordCandidates, cancellationToken);
            var near = await nearest;
            return near is null
                ? ([.. words.Take(Limit)], IsLexical: true)
                : (SearchMarketsFusion.Best(words, near, Limit), IsLexical: false);
        }
        finally
        {
            await either.CancelAsync();
            await ((Task)nearest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(IReadOnlyList<SearchMarketsHit> Best, bool IsLexical)> FindBySpellingAsync(
        VectorModel? model,
        DatabaseReader database,
        VectorSearch vectors,
        CancellationToken cancellationToken
    )
    {
        var words = await FindByWordsAsync(database, Limit, cancellationToken);
        if (model is null || words.Count == Limit)
        {
            return (words, model is null);
        }

        var near = await vectors.FindAsync(
            database,
            model,
            Text,
            SpellingCandidates * Limit,
            Status,
            Category,
            cancellationToken
        );
        return (SearchMarketsFusion.Fill(words, near ?? [], Limit), near is null);
    }

    /// <summary>What has only the query's commonest words is looked for when the others leave results empty. Where few markets pass the filters, those are compared one by one.</summary>
    private async Task<IReadOnlyList<SearchMarketsHit>> FindByWordsAsync(
        DatabaseReader database,
        int count,
        CancellationToken cancellationToken
    )
    {
        if (await FindFewAsync(database, cancellationToken) is { } few)
        {
            var among = await database.QuerySingleAsync<SearchMarketsFound>(
                SearchMarketsSql.SelectHitsAmong,
                new
                {
                    Text,
                    Ids = few,
                    Limit = count,
                },
                cancellationToken
            );
            return among.Hits;
        }

        var found = await FindAsync(isExhaustive: false);
        return found.Ids.Length < Limit && found.LeavesOut ? (await FindAsync(isExhaustive: true)).Hits : found.Hits;

        Task<SearchMarketsFound> FindAsync(bool isExhaustive) =>
            database.QuerySingleAsync<SearchMarketsFound>(
                SearchMarketsSql.SelectHits,
                new
                {
                    Text,
                    Status,
                    Category,
                    Limit = count,
                    IsExhaustive = isExhaustive,
                },
                cancellationToken
            );
    }

    /// <summary>The markets that pass the filters; null without a filter, or when they are many.</summary>
    private async Task<Guid[]?> FindFewAsync(DatabaseReader database, CancellationToken cancellationToken)
    {
        if (Status is null && Category is null)
        {
            return null;
        }

        var ids = await database.QueryAsync<Guid>(
            new SqlText(SearchMarketsSql.SelectFew)
                .AddIf(Status is not null, "AND status = @Status")
                .AddIf(Category is not null, "AND category = @Category"),
            new { Status, Category },
            cancellationToken
        );
        return ids.Count < Many ? [.. ids] : null;
    }
}

/// <summary>What words found, best first.</summary>
internal sealed record SearchMarketsFound
{
    public Guid[] Ids { get; init; } = [];

    /// <summary>What the words of each are worth.</summary>
    public double[] Scores { get; init; } = [];

    /// <summary>What a name of average length with all words of the query would be worth.</summary>
    public double Ideal { get; init; }

    /// <summary>Whether an exhaustive search may find more.</summary>
    public bool LeavesOut { get; init; }

    public IReadOnlyList<SearchMarketsHit> Hits =>
        [
            .. Ids.Zip(Scores)
                .Select(
                    (hit, index) =>
                        new SearchMarketsHit(
                            hit.First,
                            hit.Second,
                            new SearchMarketsRanks(index + 1, hit.Second, Math.Round(hit.Second / Ideal, 6))
                        )
                ),
        ];
}

/// <summary>A market that was found, and why.</summary>
internal readonly record struct SearchMarketsHit(Guid Id, double Score, SearchMarketsRanks Ranks);
