using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.GetMarketHistory;

/// <summary>Lists what became of a market: who changed what, and when.</summary>
public sealed class GetMarketHistoryEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/markets/{id}/history", HandleAsync)
            .WithName("GetMarketHistory")
            .WithTags("Markets")
            .WithSummary("Get a market's history")
            .WithDescription(
                "Who changed what and when, and the versions before and after. Newest first; the last entry is the creation. Opening a position is not recorded as a change. Page with nextCursor; a page with long texts can have fewer items than limit. The history of a draft, including changes made while it was a draft, is visible only to those who can see the draft. Moderators and admins also see the history of a deleted market."
            )
            .RequirePermission(Permission.Read)
            .Validate<PageRequest>()
            .ProducesProblem(MarketProblems.NotFound);

    private static async Task<Results<CursorPage<GetMarketHistoryResponse>, ProblemResult>> HandleAsync(
        Guid id,
        [AsParameters] PageRequest page,
        Caller caller,
        Database database,
        CancellationToken cancellationToken
    )
    {
        var binding = $"/api/markets/{id}/history|";
        if (!Cursor.TryDecode(page.Cursor, binding, out var after))
        {
            return Cursor.InvalidFor("this market's history");
        }

        var market = await database.QuerySingleOrDefaultAsync<GetMarketHistoryMarket>(
            GetMarketHistorySql.SelectMarket,
            new { id },
            cancellationToken
        );
        if (market is null ? !caller.ActsForAll : !caller.CanSee(market.Status, market.CreatorId))
        {
            return ProblemResult.Of(MarketProblems.NotFound);
        }

        var rows = await database.QueryAsync<GetMarketHistoryResponse>(
            GetMarketHistorySql.SelectPage,
            new
            {
                MarketId = id,
                SeesDraft = market is null || caller.CanSee(MarketStatus.Draft, market.CreatorId),
                Before = after?.Number ?? long.MaxValue,
                Take = page.Size + 1,
                MaxBytes = GetMarketHistorySql.MaxPageBytes,
            },
            cancellationToken
        );
        if (market is null && rows.Count == 0)
        {
            return ProblemResult.Of(MarketProblems.NotFound);
        }

        return new CursorPage<GetMarketHistoryResponse>(
            rows,
            page.Size,
            binding,
            change => new Cursor(change.Number, id),
            change => change.BytesBefore < GetMarketHistorySql.MaxPageBytes
        );
    }
}

/// <summary>The market, as far as it decides who sees its history.</summary>
internal sealed record GetMarketHistoryMarket
{
    public string Status { get; init; } = "";

    public Guid CreatorId { get; init; }
}
