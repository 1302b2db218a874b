namespace MarketsApi.Features.CreateMarket;

internal static class CreateMarketSql
{
    /// <summary>The creator's row, made or kept current, the market, and the job that indexes it: one statement, so all or none.</summary>
    public const string Insert = """
        WITH creator AS (
            INSERT INTO users (id, display_name, email, created_at, updated_at)
            SELECT @CreatorId, @DisplayName, @Email, @CreatedAt, @CreatedAt
            WHERE NOT EXISTS (
                SELECT FROM users
                WHERE id = @CreatorId AND display_name = @DisplayName AND email IS NOT DISTINCT FROM @Email
            )
            ON CONFLICT (id) DO UPDATE
            SET display_name = excluded.display_name, email = excluded.email, updated_at = excluded.updated_at
        ),
        job AS (
            INSERT INTO jobs (id, kind, market_id, deduplication_key, created_at, run_at, trace_parent)
            VALUES (@JobId, 'index-market', @Id, @Id::text, @CreatedAt, @CreatedAt, @TraceParent)
        )
        INSERT INTO markets (id, name, description, category, status, ends_at, created_at, updated_at, creator_id)
        VALUES (@Id, @Name, @Description, @Category, @Status, @EndsAt, @CreatedAt, @CreatedAt, @CreatorId)
        """;

    /// <summary>The same with a position of the creator's, whose stake is the market's volume.</summary>
    public const string InsertWithPosition = """
        WITH creator AS (
            INSERT INTO users (id, display_name, email, created_at, updated_at)
            SELECT @CreatorId, @DisplayName, @Email, @CreatedAt, @CreatedAt
            WHERE NOT EXISTS (
                SELECT FROM users
                WHERE id = @CreatorId AND display_name = @DisplayName AND email IS NOT DISTINCT FROM @Email
            )
            ON CONFLICT (id) DO UPDATE
            SET display_name = excluded.display_name, email = excluded.email, updated_at = excluded.updated_at
        ),
        job AS (
            INSERT INTO jobs (id, kind, market_id, deduplication_key, created_at, run_at, trace_parent)
            VALUES (@JobId, 'index-market', @Id, @Id::text, @CreatedAt, @CreatedAt, @TraceParent)
        ),
        market AS (
            INSERT INTO markets (
                id, name, description, category, status, ends_at, created_at, updated_at, creator_id, volume, yes_pool, no_pool, revision
            )
            VALUES (
                @Id, @Name, @Description, @Category, @Status, @EndsAt, @CreatedAt, @CreatedAt, @CreatorId, @Volume, @YesPool, @NoPool, 1
            )
        )
        INSERT INTO positions (id, market_id, user_id, outcome, stake, stakes_before, probability, created_at)
        VALUES (@PositionId, @Id, @CreatorId, @Outcome, @Volume, 0, @Probability, @CreatedAt)
        """;
}
