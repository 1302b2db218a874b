using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ListMarkets;

/// <summary>The list's statements: a page, with or without the size of the whole list, of ranges that PostgreSQL reads in order.</summary>
/// <remarks>
/// <para>Each index of a list has the status before the sort key. So what is listed is the range of one status, or those of all public ones,
/// merged while they are read. By endsAt, open-ended markets are a range of their own behind all others, in both directions.</para>
/// <para>The planner can't see the values of LIMIT and OFFSET in a prepared statement and would take a tenth of the table for granted, for
/// which sorting it all looks cheap. So each range is bounded by the most that a page can reach, and the query around it stops sooner.
/// The creator's name is looked up outside, for just the rows of the page. So are the other columns where many rows may be passed over: the
/// indexes hold what ranges are compared with.</para>
/// </remarks>
internal static class ListMarketsSql
{
    public const string SelectPage = $"""
        SELECT {MarketSql.ItemColumns}, {CreatorName}
        FROM (/* page */) m
        """;

    /// <summary>The count stands even where the page is empty.</summary>
    public const string SelectCountedPage = $"""
        WITH counted AS (
            SELECT count(*) AS total
            FROM markets m
            WHERE true /* filters */
        )
        SELECT counted.total, {MarketSql.ItemColumns}, {CreatorName}
        FROM counted
        LEFT JOIN (/* page */) m ON true
        """;

    /// <summary>The rows of a page as they are read.</summary>
    public const string Page = $"""
        SELECT *
        FROM (/* ranges */) ordered
        {PageInOrder}
        """;

    /// <summary>The rows of a page by the ids that an index has in this order: what comes before them isn't read from the table.</summary>
    public const string PageById = $"""
        SELECT {MarketSql.ItemColumns}
        FROM (SELECT * FROM (/* ranges */) ordered {PageInOrder}) page
        JOIN markets m USING (id)
        ORDER BY page.key /* direction */ /* nulls */, page.id /* direction */
        """;

    public const string OfOneStatus = $"{Range} {InOrder}";

    public const string OfOneStatusByEnd = $"""
        SELECT * FROM (SELECT * FROM ({Range} {Dated}) dated LIMIT @Take + @Offset) dated
        UNION ALL
        SELECT * FROM (SELECT * FROM ({Range} {OpenEnded}) open_ended LIMIT @Take + @Offset) open_ended
        """;

    public const string OfAnyPublicStatus = $"""
        ({Range} {Active} {InOrder})
        UNION ALL ({Range} {Closed} {InOrder})
        UNION ALL ({Range} {Resolved} {InOrder})
        UNION ALL ({Range} {Cancelled} {InOrder})
        """;

    public const string OfAnyPublicStatusByEnd = $"""
        SELECT *
        FROM (
            ({Range} {Active} {Dated})
            UNION ALL ({Range} {Closed} {Dated})
            UNION ALL ({Range} {Resolved} {Dated})
            UNION ALL ({Range} {Cancelled} {Dated})
            {MergedToPage}
        ) dated
        UNION ALL
        SELECT *
        FROM (
            ({Range} {Active} {OpenEnded})
            UNION ALL ({Range} {Closed} {OpenEnded})
            UNION ALL ({Range} {Resolved} {OpenEnded})
            UNION ALL ({Range} {Cancelled} {OpenEnded})
            {MergedToPage}
        ) open_ended
        """;

    private const string PageInOrder =
        "ORDER BY key /* direction */ /* nulls */, id /* direction */ LIMIT @Take OFFSET @Offset";

    private const string Range = $"""
        SELECT /* columns */, /* key */ AS key
        FROM markets m
        WHERE true /* filters */
        """;

    private const string Active = "AND m.status = 'active'";
    private const string Closed = "AND m.status = 'closed'";
    private const string Resolved = "AND m.status = 'resolved'";
    private const string Cancelled = "AND m.status = 'cancelled'";

    private const string InOrder = $"/* after */ {Order}";
    private const string Dated = $"AND m.ends_at IS NOT NULL /* after */ {Order}";
    private const string OpenEnded = $"AND m.ends_at IS NULL /* after open end */ {Order}";
    private const string Order = "ORDER BY key /* direction */, m.id /* direction */ LIMIT /* most */";
    private const string MergedToPage = "ORDER BY key /* direction */, id /* direction */ LIMIT @Take + @Offset";

    private const string CreatorName =
        "(SELECT u.display_name FROM users u WHERE u.id = m.creator_id) AS creator_display_name";
}
