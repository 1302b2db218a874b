namespace MarketsApi.Features.GetMarketHistory;

internal static class GetMarketHistorySql
{
    public const string SelectMarket = """
        SELECT status, creator_id
        FROM markets
        WHERE id = @id
        """;

    /// <summary>The size at which a page ends, in bytes of changes: one change can have two descriptions of 20 KB.</summary>
    public const long MaxPageBytes = 262_144;

    /// <summary>What is recorded of the market, from its latest beginning when it is there; of one that was never changed, that it was made. One change more than a page takes, which shows that there are more.</summary>
    public const string SelectPage = $"""
        WITH page AS (
            SELECT *, octet_length(changes::text) AS bytes
            FROM (
                (
                    SELECT number, action, from_version, to_version, changed_at, changes, changed_by, reason
                    FROM market_history
                    WHERE market_id = @MarketId
                      AND number < @Before
                      AND (@SeesDraft OR NOT was_draft)
                      AND number > coalesce((
                          SELECT max(deleted.number)
                          FROM market_history deleted
                          WHERE deleted.market_id = @MarketId
                            AND deleted.action = 'deleted'
                            AND EXISTS (SELECT FROM markets WHERE id = @MarketId)
                      ), 0)
                    ORDER BY number DESC
                    LIMIT {PageLimits.MaxRows}
                )
                UNION ALL
                SELECT 0, 'created', NULL, version, created_at, '[]', creator_id, NULL
                FROM markets
                WHERE id = @MarketId AND version = 1
            ) AS h
            ORDER BY h.number DESC
            LIMIT @Take
        ),
        measured AS (
            SELECT *,
                   coalesce(sum(bytes) OVER (ORDER BY number DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint
                       AS bytes_before,
                   coalesce(sum(bytes) OVER (ORDER BY number DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING), 0)
                       AS bytes_before_previous
            FROM page
        )
        SELECT h.number, h.action, h.from_version, h.to_version, h.changed_at, h.changes AS changes_json, h.reason, h.bytes_before,
               h.changed_by AS changed_by_id, u.display_name AS changed_by_display_name
        FROM measured h
        LEFT JOIN users u ON u.id = h.changed_by
        WHERE h.bytes_before_previous < @MaxBytes
        ORDER BY h.number DESC
        """;
}
