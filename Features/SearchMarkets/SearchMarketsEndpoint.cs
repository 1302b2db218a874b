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
