using System.Collections.Concurrent;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Keeps the leases of all held jobs alive by one statement, and ends the run of a job whose lease is gone.</summary>
internal sealed class JobLeases(
    LeasedJobs leased,
    JobExecutor executor,
    JobStore store,
    JobBackoff backoff,
    JobSettings settings,
    TimeProvider clock
)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var beat = settings.Lease / 4;
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(beat, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (leased.IsEmpty)
            {
                continue;
            }

            executor.GiveBackSurplus();
            await RenewAsync(beat, cancellationToken);
            foreach (var job in leased.All)
            {
                if (job.LeaseAge > settings.Lease)
                {
                    job.Lose();
                }
            }
        }
    }

    private async Task RenewAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var jobs = leased.All;
        var sentAt = clock.GetTimestamp();
        using var late = new CancellationTokenSource(atMost, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var renewed = await store.RenewAsync([.. jobs.Select(job => job.Job.Id)], limit.Token);
            backoff.Worked();
            foreach (var job in jobs)
            {
                if (renewed.Contains(job.Key))
                {
                    job.Renew(sentAt);
                }
                else
                {
                    job.Lose();
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Nothing is held any more.
        }
        catch (Exception exception)
        {
            backoff.Failed(exception, 0);
        }
    }
}

/// <summary>A job of which this process holds a lease, waiting here for its turn, running, or about to be reported.</summary>
/// <param name="job">The job.</param>
/// <param name="claimedAt">The time stamp from before it was claimed.</param>
/// <param name="clock">Where time stamps come from.</param>
internal sealed class LeasedJob(ClaimedJob job, long claimedAt, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new(Timeout.InfiniteTimeSpan, clock);

    // Each is written by one thread and read by others.
    private volatile bool _isLost;
    private volatile bool _isReleased;
    private volatile bool _isRunning;
    private long _startedAt;
    private long _renewedAt = claimedAt;

    public ClaimedJob Job => job;

    public (Guid, int) Key => (job.Id, job.Attempts);

    /// <summary>Ends the attempt.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Whether the job may belong to another process by now.</summary>
    public bool IsLost => _isLost;

    /// <summary>Whether it is to be given back.</summary>
    public bool IsReleased => _isReleased;

    /// <summary>Whether an attempt has begun and not come back.</summary>
    public bool IsRunning => _isRunning;

    /// <summary>How long it has been running; zero before that.</summary>
    public TimeSpan Age =>
        Volatile.Read(ref _startedAt) is not 0 and var started ? clock.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>How long ago its lease was extended, at the least.</summary>
    public TimeSpan LeaseAge => clock.GetElapsedTime(Volatile.Read(ref _renewedAt));

    /// <summary>Its lease was extended by a statement that was sent after this time stamp.</summary>
    public void Renew(long at) => Volatile.Write(ref _renewedAt, at);

    public void Start()
    {
        Volatile.Write(ref _startedAt, clock.GetTimestamp());
        _isRunning = true;
    }

    /// <summary>Ends the attempt after this time.</summary>
    public void EndAfter(TimeSpan limit) => _cancellation.CancelAfter(limit);

    public void Stop() => _isRunning = false;

    /// <summary>Ends the attempt without a report: the job isn't this process's any more.</summary>
    public void Lose()
    {
        _isLost = true;
        Cancel();
    }

    /// <summary>Ends the attempt, so that another process can take the job at once.</summary>
    public void Release()
    {
        _isReleased = true;
        Cancel();
    }

    public void Dispose() => _cancellation.Dispose();

    private void Cancel()
    {
        try
        {
            // On another thread: what a job has registered with its token must not hold up the other jobs.
            _ = _cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended in the meantime.
        }
    }
}

/// <summary>All jobs that this process holds a lease of.</summary>
internal sealed class LeasedJobs
{
    private readonly ConcurrentDictionary<(Guid, int), LeasedJob> _jobs = new();

    public bool IsEmpty => _jobs.IsEmpty;

    public IReadOnlyCollection<LeasedJob> All => [.. _jobs.Values];

    public void Add(LeasedJob job) => _jobs[job.Key] = job;

    public void Remove(LeasedJob job)
    {
        _jobs.TryRemove(job.Key, out _);
        job.Dispose();
    }
}
