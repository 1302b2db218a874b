using System.Diagnostics;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>A job of which this process holds a lease, waiting here for its turn, running, or about to be reported.</summary>
/// <param name="job">The job.</param>
/// <param name="claimedAt">The time stamp from before it was claimed.</param>
internal sealed class LeasedJob(ClaimedJob job, long claimedAt) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private long _startedAt;
    private long _renewedAt = claimedAt;

    public ClaimedJob Job => job;

    public (Guid, int) Key => (job.Id, job.Attempts);

    /// <summary>Ends the attempt.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Whether the job may belong to another process by now.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether it is to be given back.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Whether an attempt has begun and not come back.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>How long it has been running; zero before that.</summary>
    public TimeSpan Age =>
        Volatile.Read(ref _startedAt) is not 0 and var started ? Stopwatch.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>How long ago its lease was extended, at the least.</summary>
    public TimeSpan LeaseAge => Stopwatch.GetElapsedTime(Volatile.Read(ref _renewedAt));

    /// <summary>Its lease was extended by a statement that was sent after this time stamp.</summary>
    public void Renew(long at) => Volatile.Write(ref _renewedAt, at);

    public void Start(TimeSpan limit)
    {
        IsRunning = true;
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
        _cancellation.CancelAfter(limit);
    }

    public void Stop() => IsRunning = false;

    /// <summary>Ends the attempt without a report: the job isn't this process's any more.</summary>
    public void Lose()
    {
        IsLost = true;
        Cancel();
    }

    /// <summary>Ends the attempt, so that another process can take the job at once.</summary>
    public void Release()
    {
        IsReleased = true;
        Cancel();
    }

    public void Dispose() => _cancellation.Dispose();

    private void Cancel()
    {
        try
        {
            // Elsewhere: what a job has registered with its token must not hold up the other jobs.
            _ = _cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended in the meantime.
        }
    }
}
