using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.UpdateMarket;

/// <summary>Changes single fields of a market, by a JSON merge patch (RFC 7396).</summary>
public sealed class UpdateMarketEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPatch("/api/markets/{id}", HandleAsync)
            .WithName("UpdateMarket")
            .WithTags("Markets")
            .WithSummary("Update a market")
            .WithDescription(
                "A JSON merge patch (RFC 7396). Properties that are left out stay unchanged; null resets a property that can be reset. Once others have positions on a closed market, only a moderator can make it active again. A patch that changes nothing leaves the version unchanged. Send If-Match to change only the version that you have seen."
            )
            .Accepts<UpdateMarketRequest>("application/merge-patch+json", "application/json")
            .RequirePermission(Permission.Write)
            .RateLimited("writes")
            .Validate<UpdateMarketRequest>()
            .ProducesEdit()
            .WithResponseExample(
                """{"status": "resolved", "outcome": "yes", "updatedAt": "2027-03-02T08:00:00Z", "resolvedAt": "2027-03-02T08:00:00Z", "version": 4}"""
            );

    private static Task<Results<JsonResponse<Envelope<Market>>, ProblemResult>> HandleAsync(
        Guid id,
        UpdateMarketRequest request,
        Preconditions preconditions,
        MarketEdit edit,
        CancellationToken cancellationToken
    ) => edit.RunAsync(id, request.ApplyTo, preconditions, cancellationToken);
}
