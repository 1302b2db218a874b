namespace MarketsApi.Features.WatchMarket;

internal static class WatchMarketSql
{
    /// <summary>The watch, new or with another note, and the row of whoever watches; none of it when the market isn't there for them. The market can't go meanwhile.</summary>
    public const string Upsert = """
        WITH market AS (
            SELECT id
            FROM markets
            WHERE id = @MarketId AND (status <> 'draft' OR creator_id = @UserId OR @ActsForAll)
            FOR KEY SHARE
        ),
        watcher AS (
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
        INSERT INTO watched_markets (market_id, user_id, note, watched_at)
        SELECT id, @UserId, @Note, @Now
        FROM market
        ON CONFLICT (market_id, user_id) DO UPDATE
        SET note = excluded.note
        RETURNING market_id, note, watched_at
        """;
}
