using MarketsApi.Features.Shared.Users;

namespace MarketsApi.Features.OpenPosition;

internal static class OpenPositionSql
{
    /// <summary>
    /// The position, the market's new volume and the row of the user who stakes: one statement, so all or nothing, and nothing on a market
    /// that takes no positions at the moment that its row is held. Positions on a market are taken one after the other: what is staked on the same outcome before the
    /// position is what the row says less the position's own stake. The market's new entity tag and probability come back.
    /// </summary>
    public const string Insert = $"""
        WITH market AS (
            UPDATE markets
            SET volume = volume + @Stake,
                yes_pool = yes_pool + CASE @Outcome WHEN 'yes' THEN @Stake ELSE 0 END,
                no_pool = no_pool + CASE @Outcome WHEN 'no' THEN @Stake ELSE 0 END,
                revision = revision + 1
            WHERE id = @MarketId
              AND status = 'active'
              AND (ends_at IS NULL OR ends_at > @Now)
              AND volume <= 9999999999999999.99 - @Stake
            RETURNING id, version, revision,
                      CASE @Outcome WHEN 'yes' THEN yes_pool ELSE no_pool END - @Stake AS stakes_before,
                      pool_probability(yes_pool, no_pool) AS probability
        ),
        holder AS (
            {UserSql.UpsertWhereMarket}
        ),
        position AS (
            INSERT INTO positions (id, market_id, user_id, outcome, stake, stakes_before, probability, created_at)
            SELECT @Id, market.id, @UserId, @Outcome, @Stake, market.stakes_before, market.probability, @Now
            FROM market
        )
        SELECT version, revision, probability
        FROM market
        """;

    /// <summary>The market, when it rejected the position.</summary>
    public const string SelectMarket = """
        SELECT status, ends_at, creator_id, volume, yes_pool, no_pool
        FROM markets
        WHERE id = @Id
        """;
}
