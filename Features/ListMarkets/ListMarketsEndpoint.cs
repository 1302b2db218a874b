using System.Text.Json;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.Caching;

namespace MarketsApi.Features.ListMarkets;

/// <summary>Lists markets by page.</summary>
public sealed class ListMarketsEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/markets", HandleAsync)
            .WithName("ListMarkets")
            .WithTags("Markets")
            .WithSummary("List markets")
            .WithDescription(
                "All filters given must match. Page with nextCursor, which is equally fast at any depth and neither skips nor repeats items while markets are added; or with offset, up to 10,000. The Link header contains the URL of the next page."
            )
            .RequirePermission(Permission.Read)
            .Validate<ListMarketsRequest>()
            .ProducesLink()
            .CachesList();

    private static async Task<Results<CachedList<Page<MarketItem>>, ProblemResult>> HandleAsync(
        [AsParameters] ListMarketsRequest request,
        Caller caller,
        DatabaseReader database,
        ListCache cache,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var query = new ListMarketsQuery(request, caller);
        if (!query.TryContinue())
        {
            return Cursor.InvalidFor("this list with these filters and this order");
        }

        var address = query.DependsOnCaller ? null : ListCache.AddressOf(context.Request);
        var (list, source) = await cache.FindAsync(
            query.Text,
            address,
            context.Request.NextLink(),
            LoadAsync,
            cancellationToken
        );
        return new CachedList<Page<MarketItem>>(list, source);

        async Task<CachedListResponse> LoadAsync(CancellationToken token)
        {
            var rows = await database.QueryAsync<ListMarketsRow>(query.ToSql(), query, token);
            var page = query.PageOf(rows);
            return new CachedListResponse(
                JsonSerializer.SerializeToUtf8Bytes(page, JsonSettings.Wire),
                page.Meta.NextCursor
            );
        }
    }
}
