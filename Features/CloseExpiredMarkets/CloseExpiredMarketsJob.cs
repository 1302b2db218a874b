using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Features.CloseExpiredMarkets;

/// <summary>Closes active markets whose end has passed.</summary>
internal sealed partial class CloseExpiredMarketsJob(
    [FromKeyedServices(Database.ForJobs)] Database database,
    ItemCache cache,
    TimeProvider clock,
    ILogger<CloseExpiredMarketsJob> logger
) : IRecurringJob
{
    /// <summary>How many one statement closes, so that none holds locks for long.</summary>
    private const int Batch = 200;

    /// <inheritdoc/>
    public string Kind => "close-expired-markets";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var closed = 0;
        for (var isLast = false; !isLast; )
        {
            (var count, isLast) = await CloseSomeAsync(cancellationToken);
            closed += count;
        }

        if (closed > 0)
        {
            LogClosed(closed);
        }
    }

    /// <returns>How many were closed; and whether nothing is left, but for what others are changing: that is for the next run.</returns>
    private async Task<(int Count, bool IsLast)> CloseSomeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        var ids = await database.QueryAsync<Guid>(
            CloseExpiredMarketsSql.Select,
            new { Now = now, Limit = Batch },
            cancellationToken
        );
        if (ids.Count == 0)
        {
            return (0, true);
        }

        var closed = await cache.GuardAsync(
            MarketCache.Kind,
            ids,
            () =>
                database.ExecuteReturningAsync<CloseExpiredMarketsRow>(
                    CloseExpiredMarketsSql.Close,
                    new { Ids = ids.ToArray(), Now = now },
                    cancellationToken
                )
        );
        await Task.WhenAll(
            closed.Select(market =>
                cache.ChangedAsync(
                    MarketCache.Kind,
                    market.Id,
                    CacheItem.ChangedTo(new EntityTag(market.Version, market.Revision))
                )
            )
        );
        return (closed.Count, ids.Count < Batch || closed.Count == 0);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Closed {Count} markets whose end has passed")]
    private partial void LogClosed(int count);
}

/// <summary>A market that was closed.</summary>
internal sealed record CloseExpiredMarketsRow
{
    public Guid Id { get; init; }

    public long Version { get; init; }

    public long Revision { get; init; }
}
