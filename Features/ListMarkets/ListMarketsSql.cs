namespace MarketsApi.Features.ListMarkets;

/// <summary>The fragments of the list's statement, in their order.</summary>
/// <remarks>
/// The planner can't see the values of LIMIT and OFFSET in a prepared statement and would take a tenth of the table for granted, for which
/// sorting it all looks cheap. So the inner query is bounded by the most that a page can hold, and the outer one stops sooner.
/// The creator's name is looked up outside, for just the rows that are answered.
/// </remarks>
internal static class ListMarketsSql
{
    public const string Start = """
        SELECT page.*, (SELECT u.display_name FROM users u WHERE u.id = page.creator_id) AS creator_display_name
        FROM (
        """;

    public const string CountStart = """
        WITH counted AS (
        SELECT count(*) AS total
        FROM markets m
        """;

    /// <summary>The count stands even where the page is empty.</summary>
    public const string CountEnd = """
        )
        SELECT counted.total, page.*, (SELECT u.display_name FROM users u WHERE u.id = page.creator_id) AS creator_display_name
        FROM counted
        LEFT JOIN (
        SELECT * FROM (
        """;

    public const string OffsetStart = "SELECT * FROM (";

    public const string Page = """
        SELECT m.id, m.external_id, m.name, m.category, m.status, m.outcome, m.volume, m.yes_pool, m.no_pool,
               m.ends_at, m.created_at, m.updated_at, m.resolved_at, m.version, m.creator_id
        FROM markets m
        """;

    public const string End = """
        LIMIT 101
        ) page
        LIMIT @Take
        """;

    public const string OffsetEnd = """
        LIMIT 10101
        ) window_of_offset
        LIMIT @Take OFFSET @Offset
        ) page
        """;

    public const string JoinEnd = ") page ON true";
}
