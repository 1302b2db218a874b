using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Features.RefreshSearch;

/// <summary>Lets the words that misspellings are compared with, and the statistics of ranking, follow what has been written.</summary>
internal sealed class RefreshSearchJob([FromKeyedServices(Database.ForJobs)] Database database) : IRecurringJob
{
    /// <inheritdoc/>
    public string Kind => "refresh-search";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public Task RunAsync(JobRun run, CancellationToken cancellationToken) =>
        database.ExecuteAsync(RefreshSearchSql.Refresh, null, cancellationToken);
}
