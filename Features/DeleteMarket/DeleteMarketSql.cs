namespace MarketsApi.Features.DeleteMarket;

internal static class DeleteMarketSql
{
    /// <summary>The market's version, with the row held until the transaction ends: from here on nobody opens a position on it, and what happens is this user's doing (<c>app.user_id</c>, for triggers).</summary>
    public const string SelectForUpdate = """
        SELECT status, creator_id, version, set_config('app.user_id', @UserId, true)
        FROM markets
        WHERE id = @Id
        FOR UPDATE
        """;

    /// <summary>Takes the market away unless it has positions, and then keeps the row of whoever did it current.</summary>
    public const string Delete = """
        WITH deleted AS (
            DELETE FROM markets
            WHERE id = @Id AND NOT EXISTS (SELECT FROM positions WHERE market_id = @Id)
            RETURNING version
        ),
        editor AS (
            INSERT INTO users (id, display_name, email, created_at, updated_at)
            SELECT @UserId, @DisplayName, @Email, @Now, @Now
            FROM deleted
            WHERE NOT EXISTS (
                SELECT FROM users
                WHERE id = @UserId AND display_name = @DisplayName AND email IS NOT DISTINCT FROM @Email
            )
            ON CONFLICT (id) DO UPDATE
            SET display_name = excluded.display_name, email = excluded.email, updated_at = excluded.updated_at
        )
        SELECT version
        FROM deleted
        """;
}
