using MarketsApi.Features.Shared.Jobs;

namespace MarketsApi.Features.RetryJob;

internal static class RetryJobSql
{
    /// <summary>
    /// Queues a failed job again, from its first attempt: as an insertion, since only that can give way to another job for the same that waits
    /// already or is being queued right now. That one is hurried, and does the work of both. Nothing comes back when the job has not failed.
    /// </summary>
    public const string Retry = $"""
        WITH failed AS (
            DELETE FROM jobs
            WHERE id = @Id AND state = 'failed'
            RETURNING id, kind, market_id, deduplication_key, max_attempts, created_at
        )
        INSERT INTO jobs (id, kind, market_id, deduplication_key, max_attempts, created_at, run_at, trace_parent)
        SELECT id, kind, market_id, deduplication_key, max_attempts, created_at, @Now, @TraceParent
        FROM failed
        {EnqueueSql.OrHurry}
        RETURNING id AS job_id
        """;

    public const string SelectState = """
        SELECT state
        FROM jobs
        WHERE id = @id
        """;
}
