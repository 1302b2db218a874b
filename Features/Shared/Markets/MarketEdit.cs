using MarketsApi.Features.Shared.Positions;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Infrastructure.Observability;

namespace MarketsApi.Features.Shared.Markets;

/// <summary>An edit of a market by people: the same for replacing and for patching, but for where the change comes from.</summary>
/// <param name="database">Where the market is.</param>
/// <param name="cache">Where copies of it are.</param>
/// <param name="queue">Where the job waits that indexes a changed text.</param>
/// <param name="clock">The time of the change.</param>
/// <param name="context">The request for it.</param>
internal sealed class MarketEdit(
    Database database,
    ItemCache cache,
    JobQueue queue,
    TimeProvider clock,
    HttpContext context
)
{
    /// <summary>Binds a handler's parameter.</summary>
    public static ValueTask<MarketEdit?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<MarketEdit?>(
            new MarketEdit(
                Database.Of(context),
                context.RequestServices.GetRequiredService<ItemCache>(),
                context.RequestServices.GetRequiredService<JobQueue>(),
                context.RequestServices.GetRequiredService<TimeProvider>(),
                context
            )
        );

    /// <summary>Makes the change, unless something forbids it, and returns the changed market.</summary>
    public async Task<Results<JsonResponse<Envelope<Market>>, ProblemResult>> RunAsync(
        Guid id,
        Func<MarketChange, MarketChange> change,
        Preconditions preconditions,
        CancellationToken cancellationToken
    )
    {
        var caller = Caller.Of(context);
        var (market, problem, isChanged, own) = await cache.GuardAsync(
            MarketCache.Kind,
            id,
            () => database.TransactAsync(EditAsync, cancellationToken)
        );
        if (market is null)
        {
            return problem!;
        }

        var item = market.ToCacheItem();
        if (isChanged)
        {
            if (own is not null)
            {
                context.Audit("market.settled", id.ToString(), own.ToAuditMembers());
            }
            else if (market.CreatorId != caller.UserId)
            {
                context.Audit("market.changed", id.ToString());
            }

            queue.Wake();
            await cache.ChangedAsync(MarketCache.Kind, id, item);
        }

        context.SetEntityTag(market.EntityTag);
        return new JsonResponse<Envelope<Market>>(item.Body!.Value);

        async Task<(Market?, ProblemResult?, bool, OwnStakes?)> EditAsync(
            DatabaseTransaction transaction,
            CancellationToken token
        )
        {
            var stored = await transaction.QuerySingleOrDefaultAsync<Market>(
                MarketEditSql.SelectForUpdate,
                new { Id = id, UserId = caller.RequiredUserId.ToString() },
                token
            );
            if (stored is null || !caller.CanSee(stored))
            {
                return (null, ProblemResult.Of(MarketProblems.NotFound), false, null);
            }

            var present = MarketChange.Of(stored);
            var wanted = change(present);
            var now = clock.GetStoredNow();
            var problem = caller.ProblemWithOwner(stored);
            if (problem is null && !caller.ActsForAll && wanted.Reopens(stored, now))
            {
                problem = await ProblemWithOthersAsync(stored, transaction, token);
            }

            problem ??= preconditions.ProblemWithVersion(stored.Version) ?? wanted.ProblemFor(stored, now);
            if (problem is not null)
            {
                return (null, problem, false, null);
            }

            if (wanted == present)
            {
                return (stored, null, false, null);
            }

            var own = wanted.Settles(stored) ? await OwnStakes.FindAsync(transaction, id, caller, token) : null;
            var changed = wanted.ApplyTo(stored, caller, now);
            await transaction.ExecuteAsync(MarketEditSql.Update, Parameters(stored, changed, caller), token);
            return (changed, null, true, own);
        }
    }

    /// <summary>A creator who may have seen the result can't open the market again once others have staked on it; moderators can.</summary>
    private static async Task<ProblemResult?> ProblemWithOthersAsync(
        Market market,
        DatabaseTransaction transaction,
        CancellationToken cancellationToken
    ) =>
        await transaction.QuerySingleOrDefaultAsync<Position>(
            PositionSql.SelectOthersPosition,
            new { market.Id, market.CreatorId },
            cancellationToken
        )
            is null
            ? null
            : ProblemResult.Of(
                Problems.InsufficientPermissions,
                detail: "Others have staked on the market, so only a moderator or an admin can open it again."
            );

    /// <summary>Whether the market must be indexed again: its text has changed, or it is no longer a draft.</summary>
    private static bool IsIndexed(Market before, Market after) =>
        before.Name != after.Name
        || before.Description != after.Description
        || (before.Status == MarketStatus.Draft && after.Status != MarketStatus.Draft);

    private static object Parameters(Market before, Market market, Caller caller) =>
        new
        {
            JobId = Guid.CreateVersion7(),
            IsIndexed = IsIndexed(before, market),
            market.Id,
            market.Name,
            market.Description,
            market.Category,
            market.Status,
            market.Outcome,
            market.EndsAt,
            market.ResolvedAt,
            Now = market.UpdatedAt,
            market.Version,
            UserId = caller.RequiredUserId,
            caller.DisplayName,
            caller.Email,
            TraceParent = TraceParent.Current,
        };
}
