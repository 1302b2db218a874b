using MarketsApi.Features.Shared.Users;

namespace MarketsApi.Features.CorrectMarket;

internal static class CorrectMarketSql
{
    /// <summary>The market as it should have been settled, and the row of the user who says so. The reason goes to the trigger that records the change.</summary>
    public const string Update = $"""
        WITH editor AS (
            {UserSql.Upsert}
        )
        UPDATE markets
        SET status = @Status,
            outcome = @Outcome,
            resolved_at = @Now,
            updated_at = @Now,
            version = @Version
        WHERE id = @Id AND set_config('app.reason', @Reason, true) IS NOT NULL
        """;
}
