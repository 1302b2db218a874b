using System.Threading.Channels;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Runs a limited number of claimed jobs at a time, and says how many more it can take.</summary>
/// <remarks>
/// Some jobs are claimed ahead of their turn, so that short ones don't wait for a statement each. How many follows from how long jobs take:
/// no more than a tenth of a second of work, so that nothing waits here that another instance could run.
/// </remarks>
internal sealed class JobExecutor(
    JobCatalog catalog,
    LeasedJobs leased,
    JobRunner runner,
    JobCompletionWriter completions,
    JobQueue queue,
    JobSettings settings,
    TimeProvider clock
)
{
    private const double SecondsAhead = 0.1;
    private const int MaxAhead = 500;

    /// <summary>The most that are done together: so many that a statement's price no longer counts, and few enough for another lane to have some.</summary>
    private const int MaxTogether = 64;

    /// <summary>The most that wait to be reported before no more is taken.</summary>
    private const int MaxUnreported = 2_000;

    /// <summary>The weight of the newest run in the average.</summary>
    private const double Newest = 0.1;

    private readonly Channel<LeasedJob> _waiting = Channel.CreateUnbounded<LeasedJob>();
    private double _meanSeconds = 0.05;
    private int _taken;
    private volatile bool _isMoreWanted;

    /// <summary>How many more jobs would be welcome now; 0 while there is enough to do.</summary>
    public int Room
    {
        get
        {
            var taken = Volatile.Read(ref _taken);
            var ahead = Ahead;
            return completions.Count > MaxUnreported ? 0
                : taken < settings.Concurrency + ahead / 2 ? settings.Concurrency + ahead - taken
                : 0;
        }
    }

    private int Ahead =>
        (int)Math.Min(MaxAhead, settings.Concurrency * SecondsAhead / Math.Max(Volatile.Read(ref _meanSeconds), 1e-6));

    /// <summary>Takes claimed jobs; <paramref name="isMoreWanted"/> when there are more where they come from.</summary>
    public void Add(List<ClaimedJob> jobs, long claimedAt, bool isMoreWanted)
    {
        Interlocked.Add(ref _taken, jobs.Count);
        // All at once, so that the first lane to look finds what can be done together.
        lock (_waiting)
        {
            foreach (var job in jobs)
            {
                var one = new LeasedJob(job, claimedAt, clock);
                leased.Add(one);
                _waiting.Writer.TryWrite(one);
            }
        }

        _isMoreWanted = isMoreWanted;
    }

    /// <summary>Runs what comes, until <see cref="Close"/>.</summary>
    public Task RunAsync() =>
        Task.WhenAll(Enumerable.Range(0, settings.Concurrency).Select(_ => Task.Run(RunLaneAsync)));

    /// <summary>Gives back what no longer fits into the time ahead, since jobs take longer than when it was claimed.</summary>
    public void GiveBackSurplus()
    {
        var longest = leased.All.Select(job => job.Age.TotalSeconds).DefaultIfEmpty().Max();
        if (longest > Volatile.Read(ref _meanSeconds))
        {
            Learn(longest);
        }

        GiveBack(Ahead * 2);
    }

    /// <summary>Gives back all that hasn't begun, and takes no more.</summary>
    public void Close()
    {
        _waiting.Writer.TryComplete();
        GiveBack(0);
    }

    private void GiveBack(int atMost)
    {
        lock (_waiting)
        {
            while (_waiting.Reader.Count > atMost && _waiting.Reader.TryRead(out var job))
            {
                completions.Add(job, JobEnd.Released(job.Job));
                Interlocked.Decrement(ref _taken);
            }
        }
    }

    private async Task RunLaneAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            if (TakeBatch() is [_, ..] jobs)
            {
                await RunAsync(jobs);
            }
        }
    }

    private async Task RunAsync(List<LeasedJob> jobs)
    {
        var ends = await runner.RunAsync(jobs);
        foreach (var (job, end) in jobs.Zip(ends))
        {
            job.Stop();
            Learn(job.Age.TotalSeconds / jobs.Count);
            if (end is null)
            {
                leased.Remove(job);
            }
            else
            {
                completions.Add(job, end);
            }
        }

        Interlocked.Add(ref _taken, -jobs.Count);
        if (_isMoreWanted && Room > 0)
        {
            _isMoreWanted = false;
            queue.Wake();
        }
    }

    /// <summary>The next job, and others that are done together with it; none when another lane was faster.</summary>
    private List<LeasedJob> TakeBatch()
    {
        var batch = new List<LeasedJob>();
        lock (_waiting)
        {
            while (batch.Count < MaxTogether && _waiting.Reader.TryPeek(out var next) && IsAlike(batch, next))
            {
                _waiting.Reader.TryRead(out _);
                if (!next.IsLost)
                {
                    batch.Add(next);
                }
                else
                {
                    leased.Remove(next);
                    Interlocked.Decrement(ref _taken);
                }
            }
        }

        return batch;
    }

    private bool IsAlike(List<LeasedJob> batch, LeasedJob next) =>
        batch is [] || batch[0].Job.Kind == next.Job.Kind && catalog[next.Job.Kind] is IBatchJob;

    /// <remarks>Not exact when two end at once, which an average can bear.</remarks>
    private void Learn(double seconds) =>
        Volatile.Write(ref _meanSeconds, Volatile.Read(ref _meanSeconds) * (1 - Newest) + seconds * Newest);
}
