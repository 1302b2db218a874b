namespace MarketsApi.Features.ListJobs;

/// <summary>The fragments of the list's statement, in their order.</summary>
internal static class ListJobsSql
{
    /// <summary>Each state is a range of an index, the newest of which are put together: a page costs the same however many jobs there are.</summary>
    public const string StartByState = """
        SELECT page.*
        FROM unnest(@States::text[]) AS wanted (state)
        CROSS JOIN LATERAL (
            SELECT j.id, j.kind, j.state, j.market_id, j.attempts, j.max_attempts, j.last_error,
                   j.created_at, j.run_at, j.started_at, j.finished_at
            FROM jobs j
            WHERE j.state = wanted.state
        """;

    /// <summary>A market has few jobs, so one range and a look at each will do.</summary>
    public const string StartByMarket = """
        SELECT page.*
        FROM (
            SELECT j.id, j.kind, j.state, j.market_id, j.attempts, j.max_attempts, j.last_error,
                   j.created_at, j.run_at, j.started_at, j.finished_at
            FROM jobs j
            WHERE j.market_id = @MarketId AND j.state = ANY(@States)
        """;

    public const string OfKind = "AND j.kind = @Kind";

    public const string After = "AND (j.created_at, j.id) < (@KeyTime, @KeyId)";

    public const string End = """
            ORDER BY j.created_at DESC, j.id DESC
            LIMIT 101
        ) page
        ORDER BY page.created_at DESC, page.id DESC
        LIMIT @Take
        """;
}
