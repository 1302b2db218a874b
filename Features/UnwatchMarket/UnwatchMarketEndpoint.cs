using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.UnwatchMarket;

/// <summary>Takes a market off the caller's watch list.</summary>
public sealed class UnwatchMarketEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapDelete("/api/markets/{id}/watch", HandleAsync)
            .WithName("UnwatchMarket")
            .WithTags("Markets")
            .WithSummary("Stop watching a market")
            .WithDescription(
                "Removes the market from the caller's watch list. Idempotent: succeeds even if the market isn't on the list."
            )
            .RequirePermission(Permission.Write)
            .RateLimited("writes")
            .ProducesProblem(MarketProblems.NotFound);

    private static async Task<Results<NoContent, ProblemResult>> HandleAsync(
        Guid id,
        Caller caller,
        Database database,
        CancellationToken cancellationToken
    )
    {
        var market = await database.ExecuteReturningSingleOrDefaultAsync<string>(
            UnwatchMarketSql.Delete,
            new
            {
                MarketId = id,
                UserId = caller.RequiredUserId,
                caller.ActsForAll,
            },
            cancellationToken
        );
        return market is null ? ProblemResult.Of(MarketProblems.NotFound) : TypedResults.NoContent();
    }
}
