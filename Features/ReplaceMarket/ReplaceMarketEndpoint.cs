using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ReplaceMarket;

/// <summary>Replaces all that can be changed of a market.</summary>
public sealed class ReplaceMarketEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/markets/{id}", HandleAsync)
            .WithName("ReplaceMarket")
            .WithTags("Markets")
            .WithSummary("Replace a market")
            .WithDescription(
                "Optional properties that are left out are reset. Once others have positions on a closed market, only a moderator can make it active again. A request that changes nothing leaves the version unchanged. Send If-Match to change only the version that you have seen."
            )
            .RequirePermission(Permission.Write)
            .RateLimited("writes")
            .Validate<ReplaceMarketRequest>()
            .ProducesEdit();

    private static Task<Results<JsonResponse<Envelope<Market>>, ProblemResult>> HandleAsync(
        Guid id,
        ReplaceMarketRequest request,
        Preconditions preconditions,
        MarketEdit edit,
        CancellationToken cancellationToken
    )
    {
        var change = new MarketChange
        {
            Name = PlainText.Stored(request.Name!),
            Description = PlainText.Stored(request.Description ?? ""),
            Category = request.Category,
            Status = request.Status!,
            Outcome = request.Outcome,
            EndsAt = request.EndsAt.Value,
        };

        return edit.RunAsync(id, _ => change, preconditions, cancellationToken);
    }
}
