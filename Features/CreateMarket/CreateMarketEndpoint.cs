using MarketsApi.Features.Shared.Markets;
using MarketsApi.Features.Shared.Positions;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Idempotency;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Infrastructure.Observability;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.CreateMarket;

/// <summary>Creates a market that belongs to the caller.</summary>
public sealed class CreateMarketEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/markets", Handle)
            .WithName("CreateMarket")
            .WithTags("Markets")
            .WithSummary("Create a market")
            .WithDescription(
                "The caller becomes the market's creator. With initialPosition, the market and the position are created together or not at all. null is treated as if the property were omitted."
            )
            .RequirePermission(Permission.Write)
            .RateLimited("writes")
            .Validate<CreateMarketRequest>()
            .Idempotent()
            .ProducesETag()
            .ProducesLocation()
            .WithResponseExample(
                """{"volume": 0, "pool": {"yes": 0, "no": 0}, "probability": null, "updatedAt": "2026-11-22T08:15:30.123456Z", "version": 1}"""
            );

    private static Results<Created<Envelope<Market>>, ProblemResult> Handle(
        CreateMarketRequest request,
        Caller caller,
        IdempotentWrite write,
        ItemCache cache,
        JobQueue jobs,
        TimeProvider clock,
        HttpContext context
    )
    {
        var now = clock.GetStoredNow();
        var position = request.InitialPosition;
        var stake = PositionRules.StoredStake(position?.Stake ?? 0);
        var pool = position is null ? default : default(MarketPool).With(position.Outcome!, stake);
        var market = new Market
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Name = PlainText.Stored(request.Name!),
            Description = PlainText.Stored(request.Description ?? ""),
            Category = request.Category,
            Status = request.Status ?? MarketStatus.Active,
            EndsAt = request.EndsAt,
            CreatedAt = now,
            UpdatedAt = now,
            Volume = stake,
            YesPool = pool.Yes + 0.00m,
            NoPool = pool.No + 0.00m,
            Version = 1,
            Revision = position is null ? 0 : 1,
            CreatorId = caller.RequiredUserId,
            CreatorDisplayName = caller.DisplayName,
        };
        if (position is null)
        {
            write.EnqueueRow(CreateMarketSql.Insert, Row(market, caller));
        }
        else
        {
            var positionId = Guid.CreateVersion7(clock.GetUtcNow());
            write.EnqueueRow(CreateMarketSql.InsertWithPosition, Row(market, caller, positionId, position.Outcome));
        }

        write.WhenInDoubt(() => cache.InvalidateAsync(MarketCache.Kind, market.Id));
        write.WhenCommitted(async () =>
        {
            await cache.ChangedAsync(MarketCache.Kind, market.Id, CacheItem.ChangedTo(market.EntityTag));
            jobs.Wake();
        });
        context.SetEntityTag(market.EntityTag);
        return TypedResults.Created($"/api/markets/{market.Id}", new Envelope<Market>(market));
    }

    private static object Row(Market market, Caller caller, Guid? positionId = null, string? outcome = null) =>
        new
        {
            market.Id,
            JobId = Guid.CreateVersion7(market.CreatedAt),
            market.Name,
            market.Description,
            market.Category,
            market.Status,
            market.EndsAt,
            Now = market.CreatedAt,
            UserId = market.CreatorId,
            market.Volume,
            market.YesPool,
            market.NoPool,
            market.Probability,
            caller.DisplayName,
            caller.Email,
            PositionId = positionId,
            Outcome = outcome,
            TraceParent = TraceParent.Current,
        };
}
