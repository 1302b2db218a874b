namespace MarketsApi.Features.CorrectMarket;

internal static class CorrectMarketSql
{
    /// <summary>The market as it should have been settled, and the row of the user who says so. The reason goes to the trigger that records the change.</summary>
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
        )
        UPDATE markets
        SET status = @Status,
            outcome = @Outcome,
            resolved_at = @ResolvedAt,
            updated_at = @UpdatedAt,
            version = @Version
        WHERE id = @Id AND set_config('app.reason', @Reason, true) IS NOT NULL
        """;
}
