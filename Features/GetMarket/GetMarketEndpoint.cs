using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.Caching;

namespace MarketsApi.Features.GetMarket;

/// <summary>Reads one market.</summary>
public sealed class GetMarketEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/markets/{id}", HandleAsync)
            .WithName("GetMarket")
            .WithTags("Markets")
            .WithSummary("Read a market")
            .WithDescription(
                "Returns the full market with its entity tag. Send the tag as If-None-Match to get 304 without a body while nothing has changed. Only the creator, moderators and admins can see a draft; other callers get 404."
            )
            .RequirePermission(Permission.Read)
            .ProducesETag()
            .CachesItem("id")
            .ProducesProblem(MarketProblems.NotFound, MarketProblems.Changed);

    private static async Task<Results<CachedItem<Envelope<Market>>, ProblemResult>> HandleAsync(
        Guid id,
        Caller caller,
        Preconditions preconditions,
        Database database,
        ItemCache cache,
        CancellationToken cancellationToken
    )
    {
        var cached = await cache.FindAsync(
            MarketCache.Kind,
            id,
            token => LoadAsync(database, id, token),
            cancellationToken
        );
        return !caller.CanSee(cached.Item) ? ProblemResult.Of(MarketProblems.NotFound)
            : !preconditions.AllowReading(cached.Item.Tag.Version) ? ProblemResult.Of(MarketProblems.Changed)
            : new CachedItem<Envelope<Market>>(cached);
    }

    private static async Task<CacheItem?> LoadAsync(Database database, Guid id, CancellationToken cancellationToken) =>
        (
            await database.QuerySingleOrDefaultAsync<Market>(GetMarketSql.Select, new { id }, cancellationToken)
        )?.ToCacheItem();
}
