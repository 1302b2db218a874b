using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Observability;

namespace MarketsApi.Features.DeleteMarket;

/// <summary>Deletes a market permanently.</summary>
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
                "Deletes a market permanently. Creators can delete their own drafts, moderators and admins any market. A market that has positions can't be deleted; cancel it instead. Send If-Match to delete only the version that you have seen."
            )
            .RequirePermission(Permission.Write)
            .RateLimited("writes")
            .ProducesProblem(Problems.InsufficientPermissions, MarketProblems.NotFound, MarketProblems.Changed)
            .ProducesProblemWith(MarketProblems.Conflict, HasPositions);

    private static async Task<Results<NoContent, ProblemResult>> HandleAsync(
        Guid id,
        Preconditions preconditions,
        Caller caller,
        Database database,
        ItemCache cache,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (caller.ActsForAll)
        {
            context.Audit("market.deleted", id.ToString());
        }

        var problem = await cache.GuardAsync(
            MarketCache.Kind,
            id,
            () => database.TransactAsync<ProblemResult?>(DeleteAsync, cancellationToken)
        );
        if (problem is not null)
        {
            return problem;
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
            if (market is null || !caller.CanSee(market.Status, market.CreatorId))
            {
                return ProblemResult.Of(MarketProblems.NotFound);
            }

            // A draft that the caller sees is their own, unless they act for all.
            if (market.Status != MarketStatus.Draft && !caller.ActsForAll)
            {
                return ProblemResult.Of(
                    Problems.InsufficientPermissions,
                    detail: "Only a moderator or an admin can delete a market that is no longer a draft."
                );
            }

            if (preconditions.ProblemWithVersion(market.Version) is { } wrongVersion)
            {
                return wrongVersion;
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
    public string Status { get; init; } = "";

    public Guid CreatorId { get; init; }

    public long Version { get; init; }
}
