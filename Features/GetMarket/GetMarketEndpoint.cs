using Carter;
using MarketsApi.Features.Shared;
using MarketsApi.Infrastructure.Auth;
using MarketsApi.Infrastructure.Database;
using MarketsApi.Infrastructure.Errors;
using MarketsApi.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MarketsApi.Features.GetMarket;

/// <summary>Reads one market.</summary>
public sealed class GetMarketEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/markets/{id}", HandleAsync)
            .WithName("GetMarket")
            .WithTags("Markets")
            .WithSummary("Read a market")
            .WithDescription(
                "Answers the full form with its entity tag. Send the tag as If-None-Match to get 304 without a body while nothing has changed. A draft is there only for its creator, moderators and admins."
            )
            .RequirePermission(Permission.Read)
            .AnswersEntityTag()
            .Refuses(MarketProblems.NotFound);

    private static async Task<Results<Ok<Envelope<Market>>, NotModified, Refusal>> HandleAsync(
        Guid id,
        Caller caller,
        Database database,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var market = await database.FindAsync<Market>(GetMarketSql.Select, new { id }, cancellationToken);
        if (market is null || !caller.CanSee(market))
        {
            return Refusal.Of(MarketProblems.NotFound);
        }

        context.SetEntityTag(market.EntityTag);
        return market.EntityTag.IsNamedBy(context.Request.Headers.IfNoneMatch)
            ? new NotModified()
            : TypedResults.Ok(new Envelope<Market>(market));
    }
}
