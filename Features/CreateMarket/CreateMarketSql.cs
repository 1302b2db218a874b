using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Features.Shared.Users;

namespace MarketsApi.Features.CreateMarket;

internal static class CreateMarketSql
{
    /// <summary>For each given row the creator's row, created or updated, the market, and the job that indexes it: one statement, so all or none.</summary>
    public const string Insert = $"""
        WITH {Given},
        creator AS (
            {UserSql.UpsertGiven}
        ),
        job AS (
            {InsertJob}
        )
        INSERT INTO markets (id, name, description, category, status, ends_at, created_at, updated_at, creator_id)
        SELECT id, name, description, category, status, ends_at, now, now, user_id
        FROM given
        """;

    /// <summary>The same with a position of the creator's, whose stake is the market's volume.</summary>
    public const string InsertWithPosition = $"""
        WITH {Given},
        creator AS (
            {UserSql.UpsertGiven}
        ),
        job AS (
            {InsertJob}
        ),
        first_stake AS (
            SELECT *
            FROM unnest(
                @Id::uuid[], @Volume::numeric[], @YesPool::numeric[], @NoPool::numeric[], @Probability::numeric[],
                @PositionId::uuid[], @Outcome::text[]
            )
                AS given (id, volume, yes_pool, no_pool, probability, position_id, outcome)
        ),
        market AS (
            INSERT INTO markets (
                id, name, description, category, status, ends_at, created_at, updated_at, creator_id, volume, yes_pool, no_pool, revision
            )
            SELECT id, name, description, category, status, ends_at, now, now, user_id, volume, yes_pool, no_pool, 1
            FROM given JOIN first_stake USING (id)
        )
        INSERT INTO positions (id, market_id, user_id, outcome, stake, stakes_before, probability, created_at)
        SELECT position_id, id, user_id, outcome, volume, 0, probability, now
        FROM given JOIN first_stake USING (id)
        """;

    private const string Given = """
        given AS (
            SELECT *
            FROM unnest(
                @Id::uuid[], @JobId::uuid[], @Name::text[], @Description::text[], @Category::text[], @Status::text[],
                @EndsAt::timestamptz[], @Now::timestamptz[], @UserId::uuid[], @DisplayName::text[], @Email::text[],
                @TraceParent::text[]
            ) AS given (
                id, job_id, name, description, category, status, ends_at, now, user_id, display_name, email, trace_parent
            )
        )
        """;

    private const string InsertJob = $"""
        {EnqueueSql.Insert}
            SELECT job_id, 'index-market', id, id::text, now, now, trace_parent
            FROM given
        """;
}
