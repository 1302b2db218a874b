using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Features.Shared.Users;

namespace MarketsApi.Features.CreateMarket;

internal static class CreateMarketSql
{
    /// <summary>The creator's row, created or updated, the market, and the job that indexes it: one statement, so all or none.</summary>
    public const string Insert = $"""
        WITH creator AS (
            {UserSql.Upsert}
        ),
        job AS (
            {EnqueueSql.Insert}
            VALUES (@JobId, 'index-market', @Id, @Id::text, @Now, @Now, @TraceParent)
        )
        INSERT INTO markets (id, name, description, category, status, ends_at, created_at, updated_at, creator_id)
        VALUES (@Id, @Name, @Description, @Category, @Status, @EndsAt, @Now, @Now, @UserId)
        """;

    /// <summary>The same with a position of the creator's, whose stake is the market's volume.</summary>
    public const string InsertWithPosition = $"""
        WITH creator AS (
            {UserSql.Upsert}
        ),
        job AS (
            {EnqueueSql.Insert}
            VALUES (@JobId, 'index-market', @Id, @Id::text, @Now, @Now, @TraceParent)
        ),
        market AS (
            INSERT INTO markets (
                id, name, description, category, status, ends_at, created_at, updated_at, creator_id, volume, yes_pool, no_pool, revision
            )
            VALUES (
                @Id, @Name, @Description, @Category, @Status, @EndsAt, @Now, @Now, @UserId, @Volume, @YesPool, @NoPool, 1
            )
        )
        INSERT INTO positions (id, market_id, user_id, outcome, stake, stakes_before, probability, created_at)
        VALUES (@PositionId, @Id, @UserId, @Outcome, @Volume, 0, @Probability, @Now)
        """;
}
