using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.WatchMarket;

/// <summary>Yours to say: what WatchMarket does.</summary>
public sealed class WatchMarketEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/markets/{id}/watch", HandleAsync)
            .WithName("WatchMarket")
            .WithTags("Markets")
            .WithSummary("WatchMarket")
            .WithDescription(
                "Yours to say: what it does, for whom, and what happens when it is sent again."
            )
#if (isRead)
            .RequirePermission(Permission.Read)
#else
            .RequirePermission(Permission.Write)
#endif
#if (!isRead)
            .RateLimited("writes")
#endif
            .Validate<WatchMarketRequest>()
            .ProducesProblem(MarketProblems.NotFound);

    private static async Task<Results<Ok<Envelope<WatchMarketResponse>>, ProblemResult>> HandleAsync(
        Guid id,
#if (isRead)
        [AsParameters] WatchMarketRequest request,
#else
        WatchMarketRequest request,
#endif
        Caller caller,
        Database database,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
#if (isWrite)
        var saved = await database.ExecuteReturningSingleOrDefaultAsync<WatchMarketResponse>(
#else
        var saved = await database.QuerySingleOrDefaultAsync<WatchMarketResponse>(
#endif
#if (isWrite)
            WatchMarketSql.Upsert,
#else
            WatchMarketSql.Select,
#endif
            new
            {
                MarketId = id,
#if (isRead)
                caller.UserId,
#else
                UserId = caller.RequiredUserId,
#endif
#if (isWrite)
                caller.DisplayName,
                caller.Email,
#endif
                caller.ActsForAll,
                Note = request.Note is { } note ? PlainText.Stored(note) : null,
                Now = clock.GetStoredNow(),
            },
            cancellationToken
        );
        return saved is null
            ? ProblemResult.Of(MarketProblems.NotFound)
            : TypedResults.Ok(new Envelope<WatchMarketResponse>(saved));
    }
}
