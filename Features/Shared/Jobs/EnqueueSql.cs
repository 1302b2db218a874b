namespace MarketsApi.Features.Shared.Jobs;

/// <summary>What statements that queue a job have in common.</summary>
internal static class EnqueueSql
{
    /// <summary>A job about a market: its id, kind, market, key, two times and the trace of the request follow.</summary>
    public const string Insert =
        "INSERT INTO jobs (id, kind, market_id, deduplication_key, created_at, run_at, trace_parent)";

    /// <summary>Where an equivalent job is already queued, that one is made due at once. It is locked until the commit, so that no worker runs it before.</summary>
    public const string OrHurry = """
        ON CONFLICT (kind, deduplication_key) WHERE state = 'queued' DO UPDATE
        SET run_at = least(jobs.run_at, excluded.run_at)
        """;

    /// <summary>Queues the job that creates missing vectors, on any instance.</summary>
    public const string Reindex = $"""
        INSERT INTO jobs (id, kind, deduplication_key, created_at, run_at)
        VALUES (@JobId, 'reindex-markets', '', @Now, @Now)
        {OrHurry}
        """;
}
