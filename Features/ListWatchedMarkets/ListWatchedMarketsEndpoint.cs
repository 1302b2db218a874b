namespace MarketsApi.Features.ListWatchedMarkets;

/// <summary>Lists the markets that the caller watches.</summary>
public sealed class ListWatchedMarketsEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/me/watched-markets", HandleAsync)
            .WithName("ListWatchedMarkets")
            .WithTags("Markets")
            .WithSummary("List the watched markets")
            .WithDescription(
                "The caller's watch list, most recently watched first. Page with nextCursor, which is equally fast at any depth. Deleted markets are removed from the list."
            )
            .RequirePermission(Permission.Write)
            .Validate<PageRequest>();

    private static async Task<Results<CursorPage<ListWatchedMarketsResponse>, ProblemResult>> HandleAsync(
        [AsParameters] PageRequest page,
        Caller caller,
        Database database,
        CancellationToken cancellationToken
    )
    {
        var binding = $"/api/me/watched-markets|{caller.RequiredUserId}";
        if (!Cursor.TryDecode(page.Cursor, binding, out var after))
        {
            return Cursor.InvalidFor("this caller's watch list");
        }

        var rows = await database.QueryAsync<ListWatchedMarketsResponse>(
            new SqlText(ListWatchedMarketsSql.Select).AddAfter(after is not null, new(ListWatchedMarketsSql.After)),
            new
            {
                UserId = caller.RequiredUserId,
                caller.ActsForAll,
                KeyTime = after?.Time,
                KeyId = after?.Id,
                Take = page.Size + 1,
            },
            cancellationToken
        );
        return new CursorPage<ListWatchedMarketsResponse>(
            rows,
            page.Size,
            binding,
            market => new Cursor(market.WatchedAt, market.Id)
        );
    }
}
