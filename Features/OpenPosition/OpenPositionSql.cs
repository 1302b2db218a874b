namespace MarketsApi.Features.OpenPosition;

internal static class OpenPositionSql
{
    /// <summary>
    /// The position, the market's new volume and the row of whoever stakes: one statement, so all or nothing, and nothing on a market
    /// that takes no positions at the moment that its row is held. The market's new entity tag comes back.
    /// </summary>
    public const string Insert = """
        WITH market AS (
            UPDATE markets
            SET volume = volume + @Stake, revision = revision + 1
            WHERE id = @MarketId
              AND status = 'active'
              AND (ends_at IS NULL OR ends_at > @CreatedAt)
              AND volume <= 9999999999999999.99 - @Stake
            RETURNING id, version, revision
        ),
        holder AS (
            INSERT INTO users (id, display_name, email, created_at, updated_at)
            SELECT @UserId, @DisplayName, @Email, @CreatedAt, @CreatedAt
            FROM market
            WHERE NOT EXISTS (
                SELECT FROM users
                WHERE id = @UserId AND display_name = @DisplayName AND email IS NOT DISTINCT FROM @Email
            )
            ON CONFLICT (id) DO UPDATE
            SET display_name = excluded.display_name, email = excluded.email, updated_at = excluded.updated_at
        ),
        position AS (
            INSERT INTO positions (id, market_id, user_id, outcome, stake, created_at)
            SELECT @Id, market.id, @UserId, @Outcome, @Stake, @CreatedAt
            FROM market
        )
        SELECT version, revision
        FROM market
        """;

    /// <summary>What the market is, when it took no position.</summary>
    public const string SelectMarket = """
        SELECT status, ends_at, creator_id
        FROM markets
        WHERE id = @id
        """;
}
