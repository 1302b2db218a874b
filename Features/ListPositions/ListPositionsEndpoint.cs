using MarketsApi.Features.Shared.Markets;
using MarketsApi.Features.Shared.Positions;

namespace MarketsApi.Features.ListPositions;

/// <summary>Lists a market's positions by page.</summary>
public sealed class ListPositionsEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/markets/{id}/positions", HandleAsync)
            .WithName("ListPositions")
            .WithTags("Positions")
            .WithSummary("List a market's positions")
            .WithDescription(
                "Newest first. Page with nextCursor, which is equally fast at any depth and neither skips nor repeats items while positions are opened. The positions of a draft are visible only to those who can see the draft."
            )
            .RequirePermission(Permission.Read)
            .Validate<ListPositionsRequest>()
            .ProducesProblem(MarketProblems.NotFound);

    private static async Task<Results<CursorPage<Position>, ProblemResult>> HandleAsync(
        Guid id,
        [AsParameters] ListPositionsRequest request,
        Caller caller,
        Database database,
        CancellationToken cancellationToken
    )
    {
        var binding = $"/api/markets/{id}/positions|{request.UserId}";
        if (!Cursor.TryDecode(request.Cursor, binding, out var after))
        {
            return Cursor.InvalidFor("this list of positions");
        }

        var limit = request.Limit ?? PageLimits.Default;
        var rows = await database.QueryAsync<ListPositionsRow>(
            new SqlText(ListPositionsSql.Select)
                .AddIf(request.UserId is not null, ListPositionsSql.OfUser)
                .AddAfter(after is not null, new(ListPositionsSql.After)),
            new
            {
                MarketId = id,
                request.UserId,
                KeyTime = after?.Time,
                KeyId = after?.Id,
                Take = limit + 1,
            },
            cancellationToken
        );
        if (rows is not [var first, ..] || !caller.CanSee(first.MarketStatus, first.MarketCreatorId))
        {
            return ProblemResult.Of(MarketProblems.NotFound);
        }

        // A market without positions comes along without one.
        IReadOnlyList<Position> positions = first.Id == Guid.Empty ? [] : rows;
        return new CursorPage<Position>(
            positions,
            limit,
            binding,
            position => new Cursor(position.CreatedAt, position.Id)
        );
    }
}
