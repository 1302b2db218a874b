using System.Globalization;
using System.Text.Json;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.Caching;

namespace MarketsApi.Features.ListMarkets;

/// <summary>Lists markets by page.</summary>
public sealed class ListMarketsEndpoint : ICarterModule
{
    private static readonly string[] DearParameters = ["count", "minVolume", "maxVolume", "endsAfter", "endsBefore"];

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
            .RateLimited(cost: 2, when: ReadsMuch)
            .Validate<ListMarketsRequest>()
            .ProducesLink()
            .CachesList();

    /// <summary>Whether the request is for more than a page that an index holds as it is.</summary>
    private static bool ReadsMuch(HttpRequest request) =>
        request.QueryString.HasValue
        && (
            Array.Exists(DearParameters, request.Query.ContainsKey)
            || (int.TryParse(request.Query["offset"], CultureInfo.InvariantCulture, out var offset) && offset > 1_000)
        );

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
            var rows = query.IsPlannedByValues
                ? await database.QueryPlannedByValuesAsync<ListMarketsRow>(query.ToSql(), query, token)
                : await database.QueryAsync<ListMarketsRow>(query.ToSql(), query, token);
            var page = query.PageOf(rows);
            return new CachedListResponse(
                JsonSerializer.SerializeToUtf8Bytes(page, JsonSettings.Wire),
                page.Meta.NextCursor
            );
        }
    }
}
