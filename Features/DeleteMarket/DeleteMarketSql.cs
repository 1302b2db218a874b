using MarketsApi.Features.Shared.Users;

namespace MarketsApi.Features.DeleteMarket;

internal static class DeleteMarketSql
{
    /// <summary>The market's version, with the row held until the transaction ends: from here on no request opens a position on it, and changes are recorded as this user's (<c>app.user_id</c>, for triggers).</summary>
    public const string SelectForUpdate = """
        SELECT status, creator_id, version, set_config('app.user_id', @UserId, true)
        FROM markets
        WHERE id = @Id
        FOR UPDATE
        """;

    /// <summary>Deletes the market unless it has positions, and then keeps the row of the user who did it current.</summary>
    public const string Delete = $"""
        WITH market AS (
            DELETE FROM markets
            WHERE id = @Id AND NOT EXISTS (SELECT FROM positions WHERE market_id = @Id)
            RETURNING version
        ),
        editor AS (
            {UserSql.UpsertWhereMarket}
        )
        SELECT version
        FROM market
        """;
}
