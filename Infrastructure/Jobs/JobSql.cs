namespace MarketsApi.Infrastructure.Jobs;

/// <summary>The statements of the queue. Due times are by the program's clock, leases by the database's, which all instances share.</summary>
/// <remarks>A job's row changes hands only by its state, its worker and its attempt together: a worker that has lost it changes nothing any more.</remarks>
internal static class JobSql
{
    /// <summary>
    /// Takes what is due, oldest first, of the kinds that this program knows. A row whose writer hasn't committed yet is locked and skipped;
    /// so is a job with the same key as a running one: the queued one started waiting later.
    /// </summary>
    /// <remarks>The OR keeps the planner from joining all that wait with all that runs; it looks keys up instead. The array keeps it from reading the whole table for a number of rows that it can't know.</remarks>
    public const string Claim = """
        WITH next AS MATERIALIZED (
            SELECT waiting.id
            FROM jobs waiting
            WHERE waiting.state = 'queued'
              AND waiting.run_at <= @Now
              AND waiting.kind = ANY(@Kinds)
              AND (
                  waiting.deduplication_key IS NULL
                  OR NOT EXISTS (
                      SELECT FROM jobs running
                      WHERE running.state = 'running'
                        AND running.kind = waiting.kind
                        AND running.deduplication_key = waiting.deduplication_key
                  )
              )
            ORDER BY waiting.run_at, waiting.id
            LIMIT @Count
            FOR NO KEY UPDATE OF waiting SKIP LOCKED
        )
        UPDATE jobs
        SET state = 'running',
            attempts = jobs.attempts + 1,
            started_at = @Now,
            worker_id = @WorkerId,
            lease_ends_at = now() + @Lease
        FROM unnest(ARRAY(SELECT id FROM next)) AS claimed (id)
        WHERE jobs.id = claimed.id
        RETURNING jobs.id, jobs.kind, jobs.deduplication_key AS key, jobs.attempts, jobs.max_attempts, jobs.run_at,
                  jobs.trace_parent
        """;

    /// <summary>Extends the leases of all that this process holds; returns those that it still had.</summary>
    public const string Renew = """
        UPDATE jobs
        SET lease_ends_at = now() + @Lease
        WHERE id = ANY(@Ids) AND state = 'running' AND worker_id = @WorkerId
        RETURNING id, attempts
        """;

    public const string Finish = """
        UPDATE jobs
        SET state = 'done',
            finished_at = @Now,
            last_error = NULL,
            worker_id = NULL,
            lease_ends_at = NULL
        FROM unnest(@Ids::uuid[], @Attempts::integer[]) AS ended (id, attempts)
        WHERE jobs.id = ended.id
          AND jobs.attempts = ended.attempts
          AND jobs.state = 'running'
          AND jobs.worker_id = @WorkerId
        """;

    /// <summary>
    /// Puts jobs back that aren't done: to wait for another attempt, or among the failed when that was the last one. Where a newer job for the
    /// same waits already, that one does this one's work, and this one is done.
    /// </summary>
    public const string PutBack = """
        WITH ended AS MATERIALIZED (
            SELECT jobs.id, ended.is_counted, ended.error, ended.run_at,
                   CASE
                       WHEN ended.is_counted AND jobs.attempts >= jobs.max_attempts THEN 'failed'
                       WHEN EXISTS (
                           SELECT FROM jobs waiting
                           WHERE waiting.state = 'queued'
                             AND waiting.kind = jobs.kind
                             AND waiting.deduplication_key = jobs.deduplication_key
                       ) THEN 'done'
                       ELSE 'queued'
                   END AS state
            FROM unnest(@Ids::uuid[], @Attempts::integer[], @Counted::boolean[], @Errors::text[], @RunAts::timestamptz[])
                AS ended (id, attempts, is_counted, error, run_at)
            JOIN jobs ON jobs.id = ended.id
            WHERE jobs.attempts = ended.attempts AND jobs.state = 'running' AND jobs.worker_id = @WorkerId
            FOR NO KEY UPDATE OF jobs
        )
        UPDATE jobs
        SET state = ended.state,
            attempts = jobs.attempts - CASE WHEN ended.is_counted THEN 0 ELSE 1 END,
            last_error = CASE WHEN ended.state = 'done' THEN @Replaced ELSE coalesce(ended.error, jobs.last_error) END,
            run_at = CASE WHEN ended.state = 'queued' THEN ended.run_at ELSE jobs.run_at END,
            finished_at = CASE WHEN ended.state = 'queued' THEN NULL ELSE @Now END,
            worker_id = NULL,
            lease_ends_at = NULL
        FROM ended
        WHERE jobs.id = ended.id
        """;

    /// <summary>
    /// The same for jobs whose lease has ended, from any process. They come back spread over a second: when it was one of them that ended the
    /// process, the others most likely run without it the next time.
    /// </summary>
    public const string Recover = """
        WITH lost AS MATERIALIZED (
            SELECT jobs.id,
                   CASE
                       WHEN jobs.attempts >= jobs.max_attempts THEN 'failed'
                       WHEN EXISTS (
                           SELECT FROM jobs waiting
                           WHERE waiting.state = 'queued'
                             AND waiting.kind = jobs.kind
                             AND waiting.deduplication_key = jobs.deduplication_key
                       ) THEN 'done'
                       ELSE 'queued'
                   END AS state
            FROM jobs
            WHERE jobs.state = 'running' AND jobs.lease_ends_at < now()
            LIMIT 1000
            FOR NO KEY UPDATE OF jobs SKIP LOCKED
        )
        UPDATE jobs
        SET state = lost.state,
            last_error = CASE WHEN lost.state = 'done' THEN @Replaced ELSE @Lost END,
            run_at = CASE WHEN lost.state = 'queued' THEN @Now + random() * interval '1 second' ELSE jobs.run_at END,
            finished_at = CASE WHEN lost.state = 'queued' THEN NULL ELSE @Now END,
            worker_id = NULL,
            lease_ends_at = NULL
        FROM lost
        WHERE jobs.id = lost.id
        RETURNING jobs.id, jobs.kind, jobs.deduplication_key AS key, jobs.attempts, jobs.max_attempts, jobs.run_at
        """;

    /// <summary>
    /// Queues a recurring job when its time has come and none of it waits or runs, for whichever instance comes first; says when it is due
    /// next. Of its earlier runs only the last failed one stays.
    /// </summary>
    public const string QueueRecurring = """
        WITH turn AS (
            INSERT INTO recurring_jobs (kind, next_run_at)
            VALUES (@Kind, @Next)
            ON CONFLICT (kind) DO UPDATE SET next_run_at = excluded.next_run_at
            WHERE recurring_jobs.next_run_at <= @Now OR recurring_jobs.next_run_at > excluded.next_run_at
            RETURNING next_run_at
        ),
        past AS (
            DELETE FROM jobs
            USING turn
            WHERE jobs.kind = @Kind
              AND (
                  jobs.state = 'done'
                  OR jobs.state = 'failed' AND jobs.id <> (
                      SELECT last.id
                      FROM jobs last
                      WHERE last.kind = @Kind AND last.state = 'failed'
                      ORDER BY last.created_at DESC, last.id DESC
                      LIMIT 1
                  )
              )
        ),
        queued AS (
            INSERT INTO jobs (id, kind, deduplication_key, created_at, run_at)
            SELECT @Id, @Kind, '', @Now, @Now
            FROM turn
            WHERE NOT EXISTS (SELECT FROM jobs WHERE kind = @Kind AND state IN ('queued', 'running'))
            ON CONFLICT (kind, deduplication_key) WHERE state = 'queued' DO NOTHING
        )
        SELECT coalesce(
            (SELECT next_run_at FROM turn),
            (SELECT next_run_at FROM recurring_jobs WHERE kind = @Kind),
            @Now
        ) AS next_run_at
        """;

    /// <summary>How many are waiting and due, counted as far as 100,000, and since when the oldest has been.</summary>
    public const string Measure = """
        SELECT (
                   SELECT count(*)
                   FROM (SELECT FROM jobs WHERE state = 'queued' AND run_at <= @Now LIMIT 100000) due
               ) AS depth,
               (SELECT min(run_at) FROM jobs WHERE state = 'queued' AND run_at <= @Now) AS oldest
        """;
}
