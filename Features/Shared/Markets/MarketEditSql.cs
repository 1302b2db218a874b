namespace MarketsApi.Features.Shared.Markets;

internal static class MarketEditSql
{
    /// <summary>The market as it is, held until the transaction ends; what happens until then is this user's doing (<c>app.user_id</c>, for triggers).</summary>
    public const string SelectForUpdate = """
        SELECT m.id, m.external_id, m.name, m.description, m.category, m.status, m.outcome, m.volume, m.yes_pool, m.no_pool,
               m.ends_at, m.created_at, m.updated_at, m.resolved_at, m.version, m.revision,
               m.creator_id, u.display_name AS creator_display_name,
               set_config('app.user_id', @UserId, true)
        FROM markets m
        JOIN users u ON u.id = m.creator_id
        WHERE m.id = @Id
        FOR NO KEY UPDATE OF m
        """;

    /// <summary>The market as it shall be, the row of whoever did it, and the job that follows when what is searched has changed.</summary>
    public const string Update = """
        WITH editor AS (
            INSERT INTO users (id, display_name, email, created_at, updated_at)
            SELECT @UserId, @DisplayName, @Email, @UpdatedAt, @UpdatedAt
            WHERE NOT EXISTS (
                SELECT FROM users
                WHERE id = @UserId AND display_name = @DisplayName AND email IS NOT DISTINCT FROM @Email
            )
            ON CONFLICT (id) DO UPDATE
            SET display_name = excluded.display_name, email = excluded.email, updated_at = excluded.updated_at
        ),
        queued AS (
            INSERT INTO jobs (id, kind, market_id, deduplication_key, created_at, run_at, trace_parent)
            SELECT @JobId, 'index-market', @Id, @Id::text, @UpdatedAt, @UpdatedAt, @TraceParent
            WHERE @IsIndexed
            ON CONFLICT (kind, deduplication_key) WHERE state = 'queued' DO UPDATE
            SET run_at = least(jobs.run_at, excluded.run_at)
        )
        UPDATE markets
        SET name = @Name,
            description = @Description,
            category = @Category,
            status = @Status,
            outcome = @Outcome,
            ends_at = @EndsAt,
            resolved_at = @ResolvedAt,
            updated_at = @UpdatedAt,
            version = @Version
        WHERE id = @Id
        """;
}
