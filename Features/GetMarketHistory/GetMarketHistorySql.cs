namespace MarketsApi.Features.GetMarketHistory;

internal static class GetMarketHistorySql
{
    public const string SelectMarket = """
        SELECT status, creator_id
        FROM markets
        WHERE id = @id
        """;

    /// <summary>What is recorded of the market, from its latest beginning when it is there; of one that was never changed, that it was made.</summary>
    public const string SelectPage = """
        SELECT h.number, h.action, h.from_version, h.to_version, h.changed_at, h.changes AS changes_json, h.reason,
               h.changed_by AS changed_by_id, u.display_name AS changed_by_display_name
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
                LIMIT 101
            )
            UNION ALL
            SELECT 0, 'created', NULL, version, created_at, '[]', creator_id, NULL
            FROM markets
            WHERE id = @MarketId AND version = 1
        ) AS h
        LEFT JOIN users u ON u.id = h.changed_by
        ORDER BY h.number DESC
        LIMIT @Take
        """;
}
