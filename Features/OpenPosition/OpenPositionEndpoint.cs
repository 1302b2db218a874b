using System.ComponentModel;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Features.Shared.Positions;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Idempotency;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Features.OpenPosition;

/// <summary>Stakes on an outcome of a market.</summary>
public sealed class OpenPositionEndpoint : ICarterModule
{
    private const string DryRun = "dryRun";

    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/markets/{id}/positions", HandleAsync)
            .WithName("OpenPosition")
            .WithTags("Positions")
            .WithSummary("Open a position")
            .WithDescription(
                "Only on an active market, before its endsAt. The stake is added to the market's volume and pool in the same transaction. The market's version stays the same; the second number of its entity tag increases. With dryRun=true everything is checked but nothing is stored. The response then shows the probability before and after the position, and its payout if its outcome is right and no more stakes follow."
            )
            .RequirePermission(Permission.Write)
            .RateLimited("writes")
            .Validate<OpenPositionRequest>()
            .Idempotent(exceptWhen: DryRun)
            .ProducesProblem(MarketProblems.NotFound)
            .ProducesProblemWith(MarketProblems.TakesNoPosition, OpenPositionMarket.Conflicts);

    private static async Task<
        Results<Created<Envelope<Position>>, Ok<Envelope<OpenPositionQuoteResponse>>, ProblemResult>
    > HandleAsync(
        Guid id,
        [
            FromQuery(Name = DryRun),
            Description("Whether to only check the position and return its effect, without opening it.")
        ]
            bool? dryRun,
        OpenPositionRequest request,
        Caller caller,
        IdempotentWrite write,
        ItemCache cache,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var position = new Position
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            MarketId = id,
            Outcome = request.Outcome!,
            Stake = PositionRules.StoredStake(request.Stake!.Value),
            CreatedAt = clock.GetStoredNow(),
            UserId = caller.RequiredUserId,
            UserDisplayName = caller.DisplayName,
        };
        if (dryRun == true)
        {
            var (market, problem) = await CheckAsync(position, caller, write, cancellationToken);
            return problem is null
                ? TypedResults.Ok(
                    new Envelope<OpenPositionQuoteResponse>(
                        OpenPositionQuoteResponse.Of(market!.Pool, position.Outcome, position.Stake)
                    )
                )
                : problem;
        }

        write.WhenInDoubt(() => cache.InvalidateAsync(MarketCache.Kind, id));
        var opened = await write.ExecuteReturningRowAsync<OpenPositionRow>(
            OpenPositionSql.Insert,
            new
            {
                position.Id,
                position.MarketId,
                position.Outcome,
                position.Stake,
                Now = position.CreatedAt,
                position.UserId,
                caller.DisplayName,
                caller.Email,
            },
            cancellationToken
        );
        if (opened is null)
        {
            // A market that has been opened again between the two statements could take it: the next try says so.
            return (await CheckAsync(position, caller, write, cancellationToken)).Problem
                ?? ProblemResult.Of(MarketProblems.TakesNoPosition, OpenPositionMarket.Changing);
        }

        write.WhenCommitted(() =>
            cache.ChangedAsync(
                MarketCache.Kind,
                id,
                CacheItem.ChangedTo(new EntityTag(opened.Version, opened.Revision))
            )
        );
        return TypedResults.Created(
            (string?)null,
            new Envelope<Position>(position with { Probability = opened.Probability })
        );
    }

    /// <summary>The market as it is, and why it doesn't take the position.</summary>
    private static async Task<(OpenPositionMarket? Market, ProblemResult? Problem)> CheckAsync(
        Position position,
        Caller caller,
        IdempotentWrite write,
        CancellationToken cancellationToken
    )
    {
        var market = await write.QuerySingleOrDefaultAsync<OpenPositionMarket>(
            OpenPositionSql.SelectMarket,
            new { Id = position.MarketId },
            cancellationToken
        );
        if (market is null || !caller.CanSee(market.Status, market.CreatorId))
        {
            return (null, ProblemResult.Of(MarketProblems.NotFound));
        }

        return market.ConflictWith(position) is { } conflict
            ? (market, ProblemResult.Of(MarketProblems.TakesNoPosition, conflict))
            : (market, null);
    }

    /// <summary>What the position has made of the market.</summary>
    private sealed record OpenPositionRow : IRowResult
    {
        public long RowNumber { get; init; }

        public long Version { get; init; }

        public long Revision { get; init; }

        public decimal Probability { get; init; }
    }
}
