namespace MarketsApi.Features.ListJobs;

/// <summary>The list's statements.</summary>
internal static class ListJobsSql
{
    /// <summary>Each state of each kind is a range of an index, the newest of which are put together: a page costs the same however many jobs there are.</summary>
    /// <remarks>The kinds are found by one look into that index each: all that there are, also those of another version of the program.</remarks>
    public const string SelectByState = $"""
        WITH RECURSIVE kinds AS (
            SELECT min(kind) AS kind
            FROM jobs
            UNION ALL
            SELECT (SELECT min(next.kind) FROM jobs next WHERE next.kind > kinds.kind)
            FROM kinds
            WHERE kinds.kind IS NOT NULL
        )
        SELECT page.*
        FROM kinds
        CROSS JOIN unnest(@States::text[]) AS wanted (state)
        CROSS JOIN LATERAL (
            SELECT j.id, j.kind, j.state, j.market_id, j.attempts, j.max_attempts, j.last_error,
                   j.created_at, j.run_at, j.started_at, j.finished_at
            FROM jobs j
            WHERE j.kind = kinds.kind AND j.state = wanted.state /* filters */ /* after */
            ORDER BY j.created_at DESC, j.id DESC
            LIMIT {PageLimits.MaxRows}
        ) page
        ORDER BY page.created_at DESC, page.id DESC
        LIMIT @Take
        """;

    /// <summary>A market has few jobs, so one range and a look at each is enough.</summary>
    public const string SelectByMarket = """
        SELECT j.id, j.kind, j.state, j.market_id, j.attempts, j.max_attempts, j.last_error,
               j.created_at, j.run_at, j.started_at, j.finished_at
        FROM jobs j
        WHERE j.market_id = @MarketId AND j.state = ANY(@States) /* filters */ /* after */
        ORDER BY j.created_at DESC, j.id DESC
        LIMIT @Take
        """;

    public const string OfKind = "AND j.kind = @Kind";

    public const string After = "AND (j.created_at, j.id) < (@KeyTime, @KeyId)";
}
