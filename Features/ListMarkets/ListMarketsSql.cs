using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ListMarkets;

/// <summary>The list's statements: a page reached by cursor or offset, with or without the size of the whole list.</summary>
/// <remarks>
/// The planner can't see the values of LIMIT and OFFSET in a prepared statement and would take a tenth of the table for granted, for which
/// sorting it all looks cheap. So the inner query is bounded by the most that a page can hold, and the outer one stops sooner.
/// The creator's name is looked up outside, for just the rows of the page.
/// </remarks>
internal static class ListMarketsSql
{
    public const string SelectPage = $"""
        SELECT page.*, {CreatorName}
        FROM (
            SELECT {MarketSql.ItemColumns}
            FROM markets m
            WHERE true /* filters */ /* after */
            /* order */
            LIMIT {PageLimits.MaxRows}
        ) page
        LIMIT @Take
        """;

    public const string SelectPageAtOffset = $"""
        SELECT page.*, {CreatorName}
        FROM (
            SELECT *
            FROM (
                SELECT {MarketSql.ItemColumns}
                FROM markets m
                WHERE true /* filters */
                /* order */
                LIMIT {PageLimits.MaxRowsWithOffset}
            ) all_pages
            LIMIT @Take OFFSET @Offset
        ) page
        """;

    /// <summary>The count stands even where the page is empty.</summary>
    public const string SelectCountedPage = $"""
        WITH counted AS (
            SELECT count(*) AS total
            FROM markets m
            WHERE true /* filters */
        )
        SELECT counted.total, page.*, {CreatorName}
        FROM counted
        LEFT JOIN (
            SELECT *
            FROM (
                SELECT {MarketSql.ItemColumns}
                FROM markets m
                WHERE true /* filters */ /* after */
                /* order */
                LIMIT {PageLimits.MaxRows}
            ) first_page
            LIMIT @Take
        ) page ON true
        """;

    public const string SelectCountedPageAtOffset = $"""
        WITH counted AS (
            SELECT count(*) AS total
            FROM markets m
            WHERE true /* filters */
        )
        SELECT counted.total, page.*, {CreatorName}
        FROM counted
        LEFT JOIN (
            SELECT *
            FROM (
                SELECT {MarketSql.ItemColumns}
                FROM markets m
                WHERE true /* filters */
                /* order */
                LIMIT {PageLimits.MaxRowsWithOffset}
            ) all_pages
            LIMIT @Take OFFSET @Offset
        ) page ON true
        """;

    private const string CreatorName =
        "(SELECT u.display_name FROM users u WHERE u.id = page.creator_id) AS creator_display_name";
}
