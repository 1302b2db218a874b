using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.WatchMarket;

/// <summary>Puts a market on the caller's watch list.</summary>
public sealed class WatchMarketEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/markets/{id}/watch", HandleAsync)
            .WithName("WatchMarket")
            .WithTags("Markets")
            .WithSummary("Watch a market")
            .WithDescription(
                "Adds the market to the caller's watch list, or changes the note of a market that is on the list. The body is optional; without it there is no note. Idempotent: the same request again changes nothing."
            )
            .RequirePermission(Permission.Write)
            .RateLimited("writes")
            .Validate<WatchMarketRequest>()
            .ProducesProblem(MarketProblems.NotFound);

    private static async Task<Results<Ok<Envelope<WatchMarketResponse>>, ProblemResult>> HandleAsync(
        Guid id,
        WatchMarketRequest? request,
        Caller caller,
        Database database,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var watch = await database.ExecuteReturningSingleOrDefaultAsync<WatchMarketResponse>(
            WatchMarketSql.Upsert,
            new
            {
                MarketId = id,
                UserId = caller.RequiredUserId,
                caller.DisplayName,
                caller.Email,
                caller.ActsForAll,
                Note = request?.Note is { } note ? PlainText.Stored(note) : null,
                Now = clock.GetStoredNow(),
            },
            cancellationToken
        );
        return watch is null
            ? ProblemResult.Of(MarketProblems.NotFound)
            : TypedResults.Ok(new Envelope<WatchMarketResponse>(watch));
    }
}
