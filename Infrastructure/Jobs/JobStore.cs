using Npgsql;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>The queue as this process sees it in the database.</summary>
internal sealed class JobStore(Database database, JobSettings settings, TimeProvider clock)
{
    /// <summary>What a job whose process was lost says.</summary>
    private const string Lost = "The process that ran it ended, or lost touch with the database.";

    /// <summary>What a job says whose work another one does.</summary>
    private const string Replaced = "A newer job for the same was waiting and does this one's work.";

    /// <summary>How often a statement is tried when a job for the same was queued in that very moment.</summary>
    private const int MaxTries = 5;

    /// <summary>Under which name this process holds jobs.</summary>
    public Guid WorkerId { get; } = Guid.NewGuid();

    /// <summary>Takes up to so many jobs that are due, in their order.</summary>
    public async Task<List<ClaimedJob>> ClaimAsync(string[] kinds, int count, CancellationToken cancellationToken)
    {
        var jobs = await database.ChangeAsync<ClaimedJob>(
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

    /// <summary>Extends the leases of these jobs; answers with those, by id and attempt, that this process still had.</summary>
    public async Task<HashSet<(Guid, int)>> RenewAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        var renewed = await database.ChangeAsync<ClaimedJob>(
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

    /// <summary>Says how runs have ended; has no effect on jobs that this process has lost.</summary>
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

    /// <summary>Puts back what processes have lost; answers with it.</summary>
    public Task<IReadOnlyList<ClaimedJob>> RecoverAsync(CancellationToken cancellationToken) =>
        UnlessQueuedMeanwhileAsync(() =>
            database.ChangeAsync<ClaimedJob>(
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

    /// <summary>Queues a recurring job if its time has come; answers with when it is due next.</summary>
    public async Task<DateTime> QueueRecurringAsync(IRecurringJob job, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        var due = await database.ExecuteAsync<JobDueTime>(
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
        (await database.FindAsync<JobDepth>(JobSql.Measure, new { Now = clock.GetStoredNow() }, cancellationToken))!;

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
