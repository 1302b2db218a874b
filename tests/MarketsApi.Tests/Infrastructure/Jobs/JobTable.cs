using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>The queue from the side of those who put jobs into it.</summary>
public static class JobTable
{
    /// <summary>Queues a job by the statement that docs/jobs.md gives; of those with one script and key one waits at most.</summary>
    public static async Task<Guid> QueueAsync(
        this TestDatabase database,
        Guid? script = null,
        string? key = null,
        DateTime? runAt = null,
        int maxAttempts = 8,
        string kind = "scripted"
    )
    {
        var id = Guid.CreateVersion7();
        await database.ExecuteAsync(
            """
            INSERT INTO jobs (id, kind, deduplication_key, created_at, run_at, max_attempts)
            VALUES (@id, @kind, @key, @now, @runAt, @maxAttempts)
            ON CONFLICT (kind, deduplication_key) WHERE state = 'queued'
            DO UPDATE SET run_at = least(jobs.run_at, excluded.run_at)
            """,
            new
            {
                id,
                kind,
                key = KeyOf(id, script, key),
                now = DateTime.UtcNow,
                runAt = runAt ?? DateTime.UtcNow,
                maxAttempts,
            }
        );
        return id;
    }

    /// <summary>The deduplication key of a job that was queued so.</summary>
    public static string? KeyOf(Guid id, Guid? script, string? key = null) =>
        script is null ? key : $"{script}/{key ?? id.ToString()}";

    /// <summary>The job as it is, or null.</summary>
    public static async Task<JobRow?> JobAsync(this TestDatabase database, Guid id) =>
        (await database.QueryAsync<JobRow>("SELECT * FROM jobs WHERE id = @id", new { id })).SingleOrDefault();

    /// <summary>Waits until the job is as it should be.</summary>
    public static async Task<JobRow> JobUntilAsync(this TestDatabase database, Guid id, Func<JobRow, bool> isIt)
    {
        JobRow? job = null;
        await Eventually.UntilAsync(
            async () => (job = await database.JobAsync(id)) is not null && isIt(job),
            () => $"{job}"
        );
        return job!;
    }

    /// <summary>Waits until the job is in this state.</summary>
    public static Task<JobRow> JobUntilAsync(this TestDatabase database, Guid id, string state) =>
        database.JobUntilAsync(id, job => job.State == state);
}
