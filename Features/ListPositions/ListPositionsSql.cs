namespace MarketsApi.Features.ListPositions;

internal static class ListPositionsSql
{
    /// <summary>The market decides whether there is a list at all, so it comes along, with or without positions.</summary>
    public const string Select = $"""
        SELECT m.status AS market_status, m.creator_id AS market_creator_id, m.id AS market_id, page.*,
               (SELECT u.display_name FROM users u WHERE u.id = page.user_id) AS user_display_name
        FROM markets m
        LEFT JOIN LATERAL (
            SELECT p.id, p.outcome, p.stake, p.probability, p.created_at, p.user_id,
                   pool_payout(m.status, m.outcome, m.yes_pool, m.no_pool, p.outcome, p.stakes_before, p.stake) AS payout
            FROM positions p
            WHERE p.market_id = m.id /* filters */ /* after */
            ORDER BY p.created_at DESC, p.id DESC
            LIMIT {PageLimits.MaxRows}
        ) page ON true
        WHERE m.id = @MarketId
        ORDER BY page.created_at DESC, page.id DESC
        LIMIT @Take
        """;

    public const string OfUser = "AND p.user_id = @UserId";

    public const string After = "AND (p.created_at, p.id) < (@KeyTime, @KeyId)";
}
