using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Observability;

namespace MarketsApi.Features.DeleteMarket;

/// <summary>Takes a market away for good.</summary>
public sealed class DeleteMarketEndpoint : ICarterModule
{
    private const string HasPositions = "The market has positions and can't be deleted; cancel it instead";

    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapDelete("/api/markets/{id}", HandleAsync)
            .WithName("DeleteMarket")
            .WithTags("Markets")
            .WithSummary("Delete a market")
            .WithDescription(
                "For moderators and admins. A market that has positions can't be deleted; cancel it instead. Send If-Match to delete only the version that you have seen."
            )
            .RequirePermission(Permission.Delete)
            .Audited("market.deleted")
            .RateLimited("writes")
            .ProducesProblem(MarketProblems.NotFound, MarketProblems.Changed)
            .ProducesProblemWith(MarketProblems.Conflict, HasPositions);

    private static async Task<Results<NoContent, ProblemResult>> HandleAsync(
        Guid id,
        Preconditions preconditions,
        Caller caller,
        Database database,
        ItemCache cache,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var refusal = await cache.GuardAsync(
            MarketCache.Kind,
            id,
            () => database.TransactAsync<ProblemResult?>(DeleteAsync, cancellationToken)
        );
        if (refusal is not null)
        {
            return refusal;
        }

        await cache.DeletedAsync(MarketCache.Kind, id);
        return TypedResults.NoContent();

        async Task<ProblemResult?> DeleteAsync(DatabaseTransaction transaction, CancellationToken token)
        {
            var market = await transaction.QuerySingleOrDefaultAsync<DeleteMarketRow>(
                DeleteMarketSql.SelectForUpdate,
                new { Id = id, UserId = caller.RequiredUserId.ToString() },
                token
            );
            if (market is null)
            {
                return ProblemResult.Of(MarketProblems.NotFound);
            }

            if (!preconditions.AllowChanging(market.Version))
            {
                return ProblemResult.Of(MarketProblems.Changed);
            }

            var deleted = await transaction.QuerySingleOrDefaultAsync<DeleteMarketRow>(
                DeleteMarketSql.Delete,
                new
                {
                    Id = id,
                    UserId = caller.RequiredUserId,
                    caller.DisplayName,
                    caller.Email,
                    Now = clock.GetStoredNow(),
                },
                token
            );
            return deleted is null ? ProblemResult.Of(MarketProblems.Conflict, HasPositions) : null;
        }
    }
}

/// <summary>What deciding on a delete needs to know.</summary>
internal sealed record DeleteMarketRow
{
    public long Version { get; init; }
}
