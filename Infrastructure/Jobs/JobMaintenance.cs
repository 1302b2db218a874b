namespace MarketsApi.Infrastructure.Jobs;

/// <summary>What a look at the queue begins with: jobs whose process is gone are put back, recurring jobs are queued, and the queue is measured when metrics are collected.</summary>
internal sealed partial class JobMaintenance(
    JobCatalog catalog,
    JobStore store,
    JobMetrics metrics,
    TimeProvider clock,
    ILogger<JobMaintenance> logger
)
{
    private static readonly TimeSpan RecoverInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MeasureInterval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, DateTime> _due = new(StringComparer.Ordinal);
    private long _recoveredAt;
    private long _measuredAt;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (IsTime(ref _recoveredAt, RecoverInterval))
        {
            foreach (var job in await store.RecoverAsync(cancellationToken))
            {
                metrics.Lost(job);
                LogRecovered(job.Id, job.Kind, job.Attempts, job.MaxAttempts, job.Key);
            }
        }

        if (metrics.WantsDepth && IsTime(ref _measuredAt, MeasureInterval))
        {
            metrics.Measured(await store.MeasureAsync(cancellationToken));
        }

        await QueueDueAsync(cancellationToken);
    }

    /// <summary>Queues the recurring jobs at their time. All instances do that; the database lets one of them.</summary>
    private async Task QueueDueAsync(CancellationToken cancellationToken)
    {
        foreach (var job in catalog.Recurring)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            // A clock that was set back must not leave a job waiting for the time that it was set back from.
            if (!_due.TryGetValue(job.Kind, out var due) || due <= now || due > now + job.Interval)
            {
                _due[job.Kind] = await store.QueueRecurringAsync(job, cancellationToken);
            }
        }
    }

    private bool IsTime(ref long last, TimeSpan interval)
    {
        if (last != 0 && clock.GetElapsedTime(last) < interval)
        {
            return false;
        }

        last = clock.GetTimestamp();
        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Job {JobId} ({Kind}) was lost by its process at attempt {Attempt} of {MaxAttempts}, key {JobKey}"
    )]
    private partial void LogRecovered(Guid jobId, string kind, int attempt, int maxAttempts, string? jobKey);
}
