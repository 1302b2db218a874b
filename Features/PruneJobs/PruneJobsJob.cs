using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Features.PruneJobs;

/// <summary>Forgets jobs that ended long ago.</summary>
internal sealed class PruneJobsJob(
    [FromKeyedServices(Database.ForJobs)] Database database,
    JobSettings settings,
    TimeProvider clock
) : IRecurringJob
{
    /// <summary>How many rows one statement deletes, so that none holds locks for long.</summary>
    private const int Batch = 2_000;

    /// <inheritdoc/>
    public string Kind => "prune-jobs";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        await PruneAsync(JobState.Done, settings.KeepDoneHours, cancellationToken);
        await PruneAsync(JobState.Failed, settings.KeepFailedHours, cancellationToken);
    }

    private async Task PruneAsync(string state, int hours, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            State = state,
            Before = clock.GetStoredNow().AddHours(-hours),
            Limit = Batch,
        };
        while (await database.ExecuteAsync(PruneJobsSql.Delete, parameters, cancellationToken) == Batch)
        {
            // There may be more.
        }
    }
}
