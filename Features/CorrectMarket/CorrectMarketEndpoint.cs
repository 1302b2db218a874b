using MarketsApi.Features.Shared.Markets;
using MarketsApi.Features.Shared.Positions;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Idempotency;
using MarketsApi.Infrastructure.Observability;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.CorrectMarket;

/// <summary>Settles a market otherwise than it was settled.</summary>
public sealed class CorrectMarketEndpoint : ICarterModule
{
    private const string NotSettled =
        "Only a resolved or cancelled market can be corrected; change its status and outcome instead";

    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/markets/{id}/corrections", HandleAsync)
            .WithName("CorrectMarket")
            .WithTags("Markets")
            .WithSummary("Correct how a market was settled")
            .WithDescription(
                "For moderators and admins. Changes the outcome of a resolved or cancelled market, or cancels it. All payouts are recalculated at once, as if the market had been settled this way from the start. The last correction counts. The reason is shown in the market's history. A correction that changes nothing is accepted and has no effect. Send If-Match to correct only the version that you have seen."
            )
            .RequirePermission(Permission.Moderate)
            .Audited("market.corrected")
            .RateLimited("writes")
            .Validate<CorrectMarketRequest>()
            .Idempotent()
            .ProducesETag()
            .ProducesProblem(MarketProblems.NotFound, MarketProblems.Changed)
            .ProducesProblemWith(MarketProblems.Conflict, NotSettled)
            .WithResponseExample(
                """{"status": "resolved", "outcome": "no", "updatedAt": "2027-03-03T09:30:00Z", "resolvedAt": "2027-03-03T09:30:00Z", "version": 5}"""
            );

    private static async Task<Results<JsonResponse<Envelope<Market>>, ProblemResult>> HandleAsync(
        Guid id,
        CorrectMarketRequest request,
        Preconditions preconditions,
        Caller caller,
        IdempotentWrite write,
        ItemCache cache,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        write.WhenInDoubt(() => cache.InvalidateAsync(MarketCache.Kind, id));
        var (market, problem, isChanged, own) = await write.TransactAsync(CorrectAsync, cancellationToken);
        if (market is null)
        {
            return problem!;
        }

        var item = market.ToCacheItem();
        if (isChanged)
        {
            context.Audit("market.corrected", id.ToString(), own?.ToAuditMembers() ?? []);
            write.WhenCommitted(() => cache.ChangedAsync(MarketCache.Kind, id, item));
        }

        context.SetEntityTag(market.EntityTag);
        return new JsonResponse<Envelope<Market>>(item.Body!.Value);

        async Task<(Market?, ProblemResult?, bool, OwnStakes?)> CorrectAsync(
            DatabaseTransaction transaction,
            CancellationToken token
        )
        {
            var stored = await transaction.QuerySingleOrDefaultAsync<Market>(
                MarketEditSql.SelectForUpdate,
                new { Id = id, UserId = caller.RequiredUserId.ToString() },
                token
            );
            if (stored is null)
            {
                return (null, ProblemResult.Of(MarketProblems.NotFound), false, null);
            }

            if (preconditions.ProblemWithVersion(stored.Version) is { } wrongVersion)
            {
                return (null, wrongVersion, false, null);
            }

            if (!MarketStatus.IsFinal(stored.Status))
            {
                return (null, ProblemResult.Of(MarketProblems.Conflict, NotSettled), false, null);
            }

            var outcome = request.Outcome.Value;
            var status = outcome is null ? MarketStatus.Cancelled : MarketStatus.Resolved;
            if (status == stored.Status && outcome == stored.Outcome)
            {
                return (stored, null, false, null);
            }

            var own = await OwnStakes.FindAsync(transaction, id, caller, token);
            var now = clock.GetStoredNow();
            var corrected = stored with
            {
                Status = status,
                Outcome = outcome,
                ResolvedAt = now,
                UpdatedAt = now,
                Version = stored.Version + 1,
                CreatorDisplayName = caller.UserId == stored.CreatorId ? caller.DisplayName : stored.CreatorDisplayName,
            };
            await transaction.ExecuteAsync(
                CorrectMarketSql.Update,
                new
                {
                    corrected.Id,
                    corrected.Status,
                    corrected.Outcome,
                    Now = now,
                    corrected.Version,
                    Reason = PlainText.Stored(request.Reason!),
                    UserId = caller.RequiredUserId,
                    caller.DisplayName,
                    caller.Email,
                },
                token
            );
            return (corrected, null, true, own);
        }
    }
}
