namespace MarketsApi.Tests.Reliability;

/// <summary>Statements of the version before pools.</summary>
internal static class FormerSql
{
    /// <summary>As it was in Features/OpenPosition at 4d0c5e3.</summary>
    public const string Open = """
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

    /// <summary>As it was in Features/CreateMarket at 4d0c5e3.</summary>
    public const string Create = """
        WITH creator AS (
            INSERT INTO users (id, display_name, email, created_at, updated_at)
            SELECT @UserId, @DisplayName, @Email, @CreatedAt, @CreatedAt
            WHERE NOT EXISTS (
                SELECT FROM users
                WHERE id = @UserId AND display_name = @DisplayName AND email IS NOT DISTINCT FROM @Email
            )
            ON CONFLICT (id) DO UPDATE
            SET display_name = excluded.display_name, email = excluded.email, updated_at = excluded.updated_at
        ),
        job AS (
            INSERT INTO jobs (id, kind, market_id, deduplication_key, created_at, run_at, trace_parent)
            VALUES (@Id, 'index-market', @MarketId, @MarketId::text, @CreatedAt, @CreatedAt, NULL)
        ),
        market AS (
            INSERT INTO markets (
                id, name, description, category, status, ends_at, created_at, updated_at, creator_id, volume, revision
            )
            VALUES (
                @MarketId, 'Made with a position', '', NULL, 'active', '2035-01-01Z', @CreatedAt, @CreatedAt, @UserId, @Stake, 1
            )
        )
        INSERT INTO positions (id, market_id, user_id, outcome, stake, created_at)
        VALUES (@Id, @MarketId, @UserId, @Outcome, @Stake, @CreatedAt)
        """;

    /// <summary>As it was in Features/Shared at 4d0c5e3, but for what it doesn't change here.</summary>
    public const string Settle = """
        UPDATE markets
        SET status = @Status, outcome = @Outcome, updated_at = @UpdatedAt, version = version + 1
        WHERE id = @MarketId
        """;
}
