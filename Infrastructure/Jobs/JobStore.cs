using Npgsql;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>The queue as this process sees it in the database.</summary>
internal sealed class JobStore(
    [FromKeyedServices(Database.ForJobs)] Database database,
    JobSettings settings,
    TimeProvider clock
)
{
    /// <summary>What a job whose process was lost says.</summary>
    private const string Lost = "The process that ran it ended, or lost touch with the database.";

    /// <summary>What a job says whose work another one does.</summary>
    private const string Replaced = "A newer job for the same was waiting and does this one's work.";

    /// <summary>How often a statement is tried when a job for the same was queued in that very moment.</summary>
    private const int MaxTries = 5;

    /// <summary>Under which name this process holds jobs.</summary>
    public Guid WorkerId { get; } = Guid.NewGuid();

    /// <summary>Claims up to a number of due jobs, in their order.</summary>
    public async Task<List<ClaimedJob>> ClaimAsync(string[] kinds, int count, CancellationToken cancellationToken)
    {
        var jobs = await database.ExecuteReturningAsync<ClaimedJob>(
            JobSql.Claim,
            new
            {
                Now = clock.GetStoredNow(),
                Kinds = kinds,
                Count = count,
                WorkerId,
                settings.Lease,
            },
            cancellationToken
        );
        return [.. jobs.OrderBy(job => job.RunAt)];
    }

    /// <summary>Extends the leases of these jobs; returns those, by id and attempt, that this process still had.</summary>
    public async Task<HashSet<(Guid, int)>> RenewAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        var renewed = await database.ExecuteReturningAsync<ClaimedJob>(
            JobSql.Renew,
            new
            {
                Ids = ids,
                WorkerId,
                settings.Lease,
            },
            cancellationToken
        );
        return [.. renewed.Select(job => (job.Id, job.Attempts))];
    }

    /// <summary>Stores how runs have ended; has no effect on jobs that this process has lost.</summary>
    public async Task ReportAsync(IReadOnlyList<JobEnd> ends, CancellationToken cancellationToken)
    {
        var done = ends.Where(end => end.IsDone).ToList();
        if (done.Count > 0)
        {
            await database.ExecuteAsync(
                JobSql.Finish,
                new
                {
                    Ids = done.Select(end => end.Job.Id).ToArray(),
                    Attempts = done.Select(end => end.Job.Attempts).ToArray(),
                    Now = clock.GetStoredNow(),
                    WorkerId,
                },
                cancellationToken
            );
        }

        if (done.Count < ends.Count)
        {
            await PutBackAsync([.. ends.Where(end => !end.IsDone)], cancellationToken);
        }
    }

    /// <summary>Requeues the jobs that processes have lost, and returns them.</summary>
    public Task<IReadOnlyList<ClaimedJob>> RecoverAsync(CancellationToken cancellationToken) =>
        UnlessQueuedMeanwhileAsync(() =>
            database.ExecuteReturningAsync<ClaimedJob>(
                JobSql.Recover,
                new
                {
                    Now = clock.GetStoredNow(),
                    Lost,
                    Replaced,
                },
                cancellationToken
            )
        );

    /// <summary>Queues a recurring job if its time has come; returns when it is due next.</summary>
    public async Task<DateTime> QueueRecurringAsync(IRecurringJob job, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        var due = await database.ExecuteReturningSingleOrDefaultAsync<JobDueTime>(
            JobSql.QueueRecurring,
            new
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                job.Kind,
                Now = now,
                Next = now + job.Interval,
            },
            cancellationToken
        );
        return due!.NextRunAt;
    }

    /// <summary>How many jobs are due, and since when the oldest of them has been.</summary>
    public async Task<JobDepth> MeasureAsync(CancellationToken cancellationToken) =>
        (
            await database.QuerySingleOrDefaultAsync<JobDepth>(
                JobSql.Measure,
                new { Now = clock.GetStoredNow() },
                cancellationToken
            )
        )!;

    private Task<int> PutBackAsync(IReadOnlyList<JobEnd> ends, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        return UnlessQueuedMeanwhileAsync(() =>
            database.ExecuteAsync(
                JobSql.PutBack,
                new
                {
                    Ids = ends.Select(end => end.Job.Id).ToArray(),
                    Attempts = ends.Select(end => end.Job.Attempts).ToArray(),
                    Counted = ends.Select(end => end.IsCounted).ToArray(),
                    Errors = ends.Select(end => end.Error).ToArray(),
                    RunAts = ends.Select(end => now + end.Delay).ToArray(),
                    Now = now,
                    WorkerId,
                    Replaced,
                },
                cancellationToken
            )
        );
    }

    /// <summary>Tries again when a job for the same was queued after the statement had looked for one.</summary>
    private static async Task<T> UnlessQueuedMeanwhileAsync<T>(Func<Task<T>> change)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await change();
            }
            catch (PostgresException exception)
                when (exception.SqlState == PostgresErrorCodes.UniqueViolation && tries < MaxTries)
            {
                // The next look sees it.
            }
        }
    }
}

/// <summary>A job that this process holds a lease of.</summary>
internal sealed record ClaimedJob
{
    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    /// <summary>The deduplication key that it was queued with: what it is about; null when it has none.</summary>
    public string? Key { get; init; }

    /// <summary>Which attempt this is, from 1.</summary>
    public int Attempts { get; init; }

    public int MaxAttempts { get; init; }

    /// <summary>When it was due.</summary>
    public DateTime RunAt { get; init; }

    /// <summary>The trace context of the request that queued it (W3C traceparent); null when that wasn't traced.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>How one attempt has ended.</summary>
/// <param name="Job">The job.</param>
/// <param name="IsDone">Whether the work is done.</param>
/// <param name="IsCounted">Whether the attempt counts, when it isn't.</param>
/// <param name="Error">What callers may read about it; null leaves what an earlier attempt said.</param>
/// <param name="Delay">How long to wait before the next attempt.</param>
internal sealed record JobEnd(ClaimedJob Job, bool IsDone, bool IsCounted, string? Error, TimeSpan Delay)
{
    /// <summary>The work is done.</summary>
    public static JobEnd Done(ClaimedJob job) => new(job, true, true, null, default);

    /// <summary>The attempt failed; another one follows, unless it was the last.</summary>
    public static JobEnd Failed(ClaimedJob job, string error, TimeSpan delay) => new(job, false, true, error, delay);

    /// <summary>It waits for something; the attempt doesn't count.</summary>
    public static JobEnd Postponed(ClaimedJob job, string error, TimeSpan delay) =>
        new(job, false, false, error, delay);

    /// <summary>It was not run, or not to its end, since the process stops: as if it had never been claimed.</summary>
    public static JobEnd Released(ClaimedJob job) => new(job, false, false, null, default);
}

/// <summary>What waits.</summary>
internal sealed record JobDepth
{
    /// <summary>How many jobs are due; 100,000 stands for any number above it, too.</summary>
    public long Depth { get; init; }

    /// <summary>Since when the oldest of them has been; null when no job is.</summary>
    public DateTime? Oldest { get; init; }
}

/// <summary>When a recurring job is queued next.</summary>
internal sealed record JobDueTime
{
    public DateTime NextRunAt { get; init; }
}
