using System.Threading.Channels;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Writes down how jobs have ended, in one statement all that end within a moment or while the one before is under way.</summary>
internal sealed partial class JobCompletionWriter(
    LeasedJobs leased,
    JobStore store,
    JobBackoff backoff,
    TimeProvider clock,
    ILogger<JobCompletionWriter> logger
)
{
    private const int MaxBatch = 1_000;

    /// <summary>Nobody waits for what is written here, and a statement for each job would cost as much as many jobs.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private readonly Channel<(LeasedJob Job, JobEnd End)> _ends = Channel.CreateUnbounded<(LeasedJob, JobEnd)>();

    public int Count => _ends.Reader.Count;

    public void Add(LeasedJob job, JobEnd end) => _ends.Writer.TryWrite((job, end));

    /// <summary>No more will come.</summary>
    public void Complete() => _ends.Writer.TryComplete();

    /// <summary>Until all is written down that will ever come, or nothing more can be.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var batch = new List<(LeasedJob Job, JobEnd End)>(MaxBatch);
        while (await _ends.Reader.WaitToReadAsync(cancellationToken))
        {
            await Task.Delay(Gathering, clock, cancellationToken);
            batch.Clear();
            while (batch.Count < MaxBatch && _ends.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            await WriteAsync([.. batch.Select(each => each.End)], cancellationToken);
            foreach (var (job, _) in batch)
            {
                leased.Remove(job);
            }
        }
    }

    /// <remarks>Tried until it works: should a lease have ended by then, the statement leaves its job alone.</remarks>
    private async Task WriteAsync(List<JobEnd> ends, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await store.ReportAsync(ends, cancellationToken);
                backoff.Worked();
                return;
            }
            catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
            {
                await Task.Delay(backoff.Failed(exception, tries), cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Their leases end, and then they run again.
                LogUnreported(exception, ends.Count);
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The results of {Count} jobs can't be stored; the jobs run again")]
    private partial void LogUnreported(Exception exception, int count);
}
