using System.Diagnostics;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Looks every second for jobs whose process is gone, and measures the queue when somebody wants to know.</summary>
internal sealed partial class JobRecovery(JobStore store, JobMetrics metrics, ILogger<JobRecovery> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MeasureInterval = TimeSpan.FromSeconds(5);

    private long _recoveredAt;
    private long _measuredAt;

    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        if (IsTime(ref _recoveredAt, Interval))
        {
            foreach (var job in await store.RecoverAsync(cancellationToken))
            {
                metrics.Lost(job);
                LogRecovered(job.Id, job.Kind, job.Attempts, job.MaxAttempts, job.MarketId);
            }
        }

        if (metrics.WantsDepth && IsTime(ref _measuredAt, MeasureInterval))
        {
            metrics.Measured(await store.MeasureAsync(cancellationToken));
        }
    }

    private static bool IsTime(ref long last, TimeSpan interval)
    {
        if (last != 0 && Stopwatch.GetElapsedTime(last) < interval)
        {
            return false;
        }

        last = Stopwatch.GetTimestamp();
        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Job {JobId} ({Kind}) was lost by its process at attempt {Attempt} of {MaxAttempts}, market {MarketId}"
    )]
    private partial void LogRecovered(Guid jobId, string kind, int attempt, int maxAttempts, Guid? marketId);
}
