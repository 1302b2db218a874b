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
            .Validate<PageRequest>()
            .ProducesProblem(MarketProblems.NotFound);

    private static async Task<Results<CursorPage<Position>, ProblemResult>> HandleAsync(
        Guid id,
        [AsParameters] PageRequest page,
        Caller caller,
        Database database,
        CancellationToken cancellationToken
    )
    {
        var binding = $"/api/markets/{id}/positions|";
        if (!Cursor.TryDecode(page.Cursor, binding, out var after))
        {
            return Cursor.InvalidFor("this market's positions");
        }

        var rows = await database.QueryAsync<ListPositionsRow>(
            new SqlText(ListPositionsSql.Select).AddAfter(after is not null, new(ListPositionsSql.After)),
            new
            {
                MarketId = id,
                KeyTime = after?.Time,
                KeyId = after?.Id,
                Take = page.Size + 1,
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
            page.Size,
            binding,
            position => new Cursor(position.CreatedAt, position.Id)
        );
    }
}
