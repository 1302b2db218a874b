using MarketsApi.Features.Shared.Users;

namespace MarketsApi.Features.OpenPosition;

internal static class OpenPositionSql
{
    /// <summary>
    /// For each sent row the position, its market's new volume and the row of the user who stakes: one statement, so all or nothing. A
    /// market takes all of its rows or, where it takes no positions at the moment that its row is locked, none, and nothing comes back for
    /// them. Positions on a market are taken one after the other, in the order in which they were sent: what is staked on the same outcome
    /// before a position is what the row says less what the position and later ones add. Markets are locked in order, so that two such
    /// statements never wait for each other. The market's new entity tag and probability come back.
    /// </summary>
    public const string Insert = $"""
        WITH sent AS (
            SELECT *,
                   count(*) OVER so_far AS number,
                   sum(CASE outcome WHEN 'yes' THEN stake ELSE 0 END) OVER so_far AS yes,
                   sum(CASE outcome WHEN 'no' THEN stake ELSE 0 END) OVER so_far AS no
            FROM unnest(
                @Id::uuid[], @MarketId::uuid[], @Outcome::text[], @Stake::numeric[], @Now::timestamptz[], @UserId::uuid[],
                @DisplayName::text[], @Email::text[]
            ) WITH ORDINALITY
                AS sent (id, market_id, outcome, stake, now, user_id, display_name, email, row_number)
            WINDOW so_far AS (PARTITION BY market_id ORDER BY row_number)
        ),
        staked AS (
            SELECT market_id, max(number) AS positions, max(yes) AS yes, max(no) AS no, max(now) AS now
            FROM sent
            GROUP BY market_id
        ),
        locked AS MATERIALIZED (
            SELECT id
            FROM markets
            WHERE id = ANY(@MarketId::uuid[])
            ORDER BY id
            FOR NO KEY UPDATE
        ),
        market AS (
            UPDATE markets
            SET volume = volume + staked.yes + staked.no,
                yes_pool = yes_pool + staked.yes,
                no_pool = no_pool + staked.no,
                revision = revision + staked.positions
            FROM locked JOIN staked ON staked.market_id = locked.id
            WHERE markets.id = locked.id
              AND status = 'active'
              AND (ends_at IS NULL OR ends_at > staked.now)
              AND volume <= 9999999999999999.99 - staked.yes - staked.no
            RETURNING markets.id, version, revision - staked.positions AS revision,
                      yes_pool - staked.yes AS yes_pool, no_pool - staked.no AS no_pool
        ),
        given AS (
            SELECT sent.*, market.version, market.revision + number AS revision,
                   CASE outcome WHEN 'yes' THEN yes_pool + yes ELSE no_pool + no END - stake AS stakes_before,
                   pool_probability(yes_pool + yes, no_pool + no) AS probability
            FROM sent
            JOIN market ON market.id = sent.market_id
        ),
        holder AS (
            {UserSql.UpsertGiven}
        ),
        position AS (
            INSERT INTO positions (id, market_id, user_id, outcome, stake, stakes_before, probability, created_at)
            SELECT id, market_id, user_id, outcome, stake, stakes_before, probability, now
            FROM given
        )
        SELECT row_number, version, revision, probability
        FROM given
        """;

    /// <summary>The market, when it rejected the position.</summary>
    public const string SelectMarket = """
        SELECT status, ends_at, creator_id, volume, yes_pool, no_pool
        FROM markets
        WHERE id = @Id
        """;
}
