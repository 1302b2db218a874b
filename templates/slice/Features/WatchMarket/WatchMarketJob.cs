using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Features.WatchMarket;

/// <summary>Yours to say: what it does, again and again.</summary>
internal sealed class WatchMarketJob([FromKeyedServices(Database.ForJobs)] Database database) : IRecurringJob
{
    /// <inheritdoc/>
    public string Kind => "watch-market";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task RunAsync(JobRun run, CancellationToken cancellationToken) =>
        database.ExecuteAsync(WatchMarketJobSql.Work, null, cancellationToken);
}
