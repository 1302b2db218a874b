namespace MarketsApi.Features.Shared.Users;

/// <summary>The row of a user who writes, as the body of a CTE: created by the first write, updated by later ones. Takes @UserId, @DisplayName, @Email and @Now.</summary>
internal static class UserSql
{
    /// <summary>In any case.</summary>
    public const string Upsert = $"""
        {Insert}
        {UnlessCurrent}
        """;

    /// <summary>Where the statement's CTE <c>market</c> has a row: a write that changed nothing creates no user.</summary>
    public const string UpsertWhereMarket = $"""
        {Insert}
            FROM market
        {UnlessCurrent}
        """;

    /// <summary>The same for the rows of the statement's CTE <c>given</c>, which have the parameters as columns. Users in order, so that two such statements never wait for each other.</summary>
    public const string UpsertGiven = $"""
            INSERT INTO users (id, display_name, email, created_at, updated_at)
            SELECT DISTINCT ON (user_id) user_id, display_name, email, now, now
            FROM given
            WHERE NOT EXISTS (
                SELECT FROM users
                WHERE id = given.user_id
                  AND display_name = given.display_name
                  AND email IS NOT DISTINCT FROM given.email
            )
            ORDER BY user_id
            {Update}
        """;

    private const string Insert = """
            INSERT INTO users (id, display_name, email, created_at, updated_at)
            SELECT @UserId, @DisplayName, @Email, @Now, @Now
        """;

    private const string UnlessCurrent = $"""
            WHERE NOT EXISTS (
                SELECT FROM users
                WHERE id = @UserId AND display_name = @DisplayName AND email IS NOT DISTINCT FROM @Email
            )
            {Update}
        """;

    private const string Update =
        "ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, email = excluded.email, updated_at = excluded.updated_at";
}
