using Carter;
using MarketsApi.Features.Shared;
using MarketsApi.Infrastructure.Auth;
using MarketsApi.Infrastructure.Database;
using MarketsApi.Infrastructure.Errors;
using MarketsApi.Infrastructure.Http;
using MarketsApi.Infrastructure.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MarketsApi.Features.ListMarkets;

/// <summary>Lists markets by page.</summary>
public sealed class ListMarketsEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/markets", HandleAsync)
            .WithName("ListMarkets")
            .WithTags("Markets")
            .WithSummary("List markets")
            .WithDescription(
                "Filters combine. Page by nextCursor, at the same cost at any depth and without gaps or repeats while markets are added; or by offset, up to 10,000. The Link header has the next page's address."
            )
            .RequirePermission(Permission.Read)
            .Validate<ListMarketsRequest>()
            .AnswersLink();

    private static async Task<Results<Answer<Page<MarketItem>>, Refusal>> HandleAsync(
        [AsParameters] ListMarketsRequest request,
        Caller caller,
        Database database,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var query = new ListMarketsQuery(request, caller);
        if (!query.TryContinue())
        {
            return Refusal.Invalid(
                "cursor",
                "InvalidCursor",
                "The cursor is not one of this list with these filters and this order."
            );
        }

        var rows = await database.QueryAsync<ListMarketsRow>(query.ToSql(), query, cancellationToken);
        var page = rows.Where(row => row.Id != Guid.Empty).Take(query.Limit).ToList();
        var hasMore = rows.Count > query.Limit;
        var nextCursor = hasMore ? query.CursorAfter(page[^1]) : null;
        context.SetNextLink(nextCursor);
        return new Answer<Page<MarketItem>>(
            new Page<MarketItem>(
                page,
                new PageMeta
                {
                    Limit = query.Limit,
                    Offset = request.Cursor is null ? query.Offset : null,
                    HasMore = hasMore,
                    NextCursor = nextCursor,
                    Total = rows is [{ Total: { } total }, ..] ? total : null,
                }
            )
        );
    }
}
