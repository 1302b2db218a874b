namespace MarketsApi.Features.WatchMarket;

internal static class WatchMarketSql
{
#if (isWrite)
    /// <summary>The row, new or with another note, and the row of whoever writes; none of it when the market is not there for them.</summary>
    public const string Upsert = """
        WITH market AS (
            SELECT id
            FROM markets
            WHERE id = @MarketId AND (status <> 'draft' OR creator_id = @UserId OR @ActsForAll)
            FOR KEY SHARE
        ),
        writer AS (
            INSERT INTO users (id, display_name, email, created_at, updated_at)
            SELECT @UserId, @DisplayName, @Email, @Now, @Now
            FROM market
            WHERE NOT EXISTS (
                SELECT FROM users
                WHERE id = @UserId AND display_name = @DisplayName AND email IS NOT DISTINCT FROM @Email
            )
            ON CONFLICT (id) DO UPDATE
            SET display_name = excluded.display_name, email = excluded.email, updated_at = excluded.updated_at
        )
        INSERT INTO watched_markets (market_id, user_id, note, saved_at)
        SELECT id, @UserId, @Note, @Now
        FROM market
        ON CONFLICT (market_id, user_id) DO UPDATE
        SET note = excluded.note
        RETURNING market_id, note, saved_at
        """;
#else
    /// <summary>The market, when it is there for the caller: the statement to begin with.</summary>
    public const string Select = """
#if (hasTable)
        SELECT markets.id AS market_id, coalesce(@Note, saved.note) AS note, coalesce(saved.saved_at, @Now) AS saved_at
        FROM markets
        LEFT JOIN watched_markets saved ON saved.market_id = markets.id AND saved.user_id = @UserId
#else
        SELECT id AS market_id, @Note AS note, @Now AS saved_at
        FROM markets
#endif
        WHERE id = @MarketId AND (status <> 'draft' OR creator_id = @UserId OR @ActsForAll)
        """;
#endif
}
