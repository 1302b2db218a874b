namespace MarketsApi.Features.CloseExpiredMarkets;

internal static class CloseExpiredMarketsSql
{
    /// <summary>Some that have ended, the longest ago first: a range of an index that lists have, too.</summary>
    public const string Select = """
        SELECT id
        FROM markets
        WHERE status = 'active' AND ends_at <= @Now
        ORDER BY ends_at, id
        LIMIT @Limit
        """;

    /// <summary>Closes them, except markets whose endsAt another request has changed meanwhile, or is changing.</summary>
    public const string Close = """
        WITH expired AS MATERIALIZED (
            SELECT id
            FROM markets
            WHERE id = ANY(@Ids) AND status = 'active' AND ends_at <= @Now
            FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE markets
        SET status = 'closed', version = version + 1, updated_at = @Now
        FROM expired
        WHERE markets.id = expired.id
        RETURNING markets.id, markets.version, markets.revision
        """;
}
