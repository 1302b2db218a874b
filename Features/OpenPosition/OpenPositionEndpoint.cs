using MarketsApi.Features.Shared.Markets;
using MarketsApi.Features.Shared.Positions;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Idempotency;

namespace MarketsApi.Features.OpenPosition;

/// <summary>Stakes on an outcome of a market.</summary>
public sealed class OpenPositionEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/markets/{id}/positions", HandleAsync)
            .WithName("OpenPosition")
            .WithTags("Positions")
            .WithSummary("Open a position")
            .WithDescription(
                "Only on an active market, before its endsAt. The stake is added to the market's volume at the same moment; its version stays, and its entity tag's second number rises."
            )
            .RequirePermission(Permission.Write)
            .RateLimited("writes")
            .Validate<OpenPositionRequest>()
            .Idempotent()
            .ProducesProblem(MarketProblems.NotFound)
            .ProducesProblemWith(MarketProblems.TakesNoPosition, OpenPositionMarket.Refusals);

    private static async Task<Results<Created<Envelope<Position>>, ProblemResult>> HandleAsync(
        Guid id,
        OpenPositionRequest request,
        Caller caller,
        IdempotentWrite write,
        ItemCache cache,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var position = new Position
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            MarketId = id,
            Outcome = request.Outcome!,
            Stake = PositionRules.StoredStake(request.Stake!.Value),
            CreatedAt = clock.GetStoredNow(),
            UserId = caller.RequiredUserId,
            UserDisplayName = caller.DisplayName,
        };
        write.WhenInDoubt(() => cache.InvalidateAsync(MarketCache.Kind, id));
        var tag = await write.ExecuteReturningSingleOrDefaultAsync<OpenPositionTag>(
            OpenPositionSql.Insert,
            new
            {
                position.Id,
                position.MarketId,
                position.Outcome,
                position.Stake,
                position.CreatedAt,
                position.UserId,
                caller.DisplayName,
                caller.Email,
            },
            cancellationToken
        );
        if (tag is null)
        {
            return await ProblemOfAsync(id, caller, write, position.CreatedAt, cancellationToken);
        }

        write.WhenCommitted(() =>
            cache.ChangedAsync(MarketCache.Kind, id, CacheItem.ChangedTo(new EntityTag(tag.Version, tag.Revision)))
        );
        return TypedResults.Created((string?)null, new Envelope<Position>(position));
    }

    private static async Task<ProblemResult> ProblemOfAsync(
        Guid id,
        Caller caller,
        IdempotentWrite write,
        DateTime now,
        CancellationToken cancellationToken
    )
    {
        var market = await write.QuerySingleOrDefaultAsync<OpenPositionMarket>(
            OpenPositionSql.SelectMarket,
            new { id },
            cancellationToken
        );
        return market is null || !caller.CanSee(market.Status, market.CreatorId)
            ? ProblemResult.Of(MarketProblems.NotFound)
            : ProblemResult.Of(MarketProblems.TakesNoPosition, market.ProblemResult(now));
    }
}
