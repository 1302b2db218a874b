using System.Text.Json;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Embeddings;

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
                "Best first; names weigh more than descriptions. Other word forms, misspellings, missing accents and the beginning of the last word are understood. Drafts are never found. The words of a new or changed market are found in the next request. Mode is lexical when only words were searched."
            )
            .RequirePermission(Permission.Read)
            .RequirePermissionFor("explain", Permission.Admin)
            .RateLimited("search")
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
        var query = new SearchMarketsQuery(request);
        var address = query.Explains ? null : ListCache.AddressOf(context.Request);
        var (answer, source) = await cache.FindAsync(query.Key, address, LoadAsync, cancellationToken);
        return new CachedList<SearchMarketsResponse>(answer, source);

        async Task<CachedListResponse> LoadAsync(CancellationToken token)
        {
            var response = await query.RunAsync(database, vectors, token);
            return new CachedListResponse(JsonSerializer.SerializeToUtf8Bytes(response, JsonSettings.Wire), default);
        }
    }
}
