using System.Globalization;
using MarketsApi.Features.Shared.Markets;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>The laws of docs/pool.md, on generated markets in a real database: ten thousand of them in CI.</summary>
/// <remarks>Positions are opened one after the other by the statement of the version before pools, so that the triggers lay the tiles; those of the present statement are compared with them elsewhere.</remarks>
public sealed class PoolLawTests : IClassFixture<PoolLawMarkets>
{
    private static readonly int Count = PoolLawMarkets.Count;

    private const string Payout =
        "pool_payout(m.status, m.outcome, m.yes_pool, m.no_pool, p.outcome, p.stakes_before, p.stake)";

    private const string Won = "CASE m.outcome WHEN 'yes' THEN m.yes_pool ELSE m.no_pool END";

    private readonly PoolLawMarkets _markets;

    public PoolLawTests(PoolLawMarkets markets) => _markets = markets;

    [Fact]
    public async Task Law_1_The_payouts_of_a_settled_market_add_up_to_its_pool()
    {
        Assert.Equal(
            [(Count, 0L)],
            await CountAsync(
                $"""
                SELECT m.yes_pool + m.no_pool <> sum({Payout})
                FROM markets m JOIN positions p ON p.market_id = m.id
                GROUP BY m.id
                """
            )
        );
    }

    [Fact]
    public async Task Law_2_Each_differs_from_its_share_by_less_than_a_cent()
    {
        // |payout - s·T/W| < 1 cent, without dividing.
        var (all, wrong) = Assert.Single(
            await CountAsync(
                $"""
                SELECT abs({Payout} * {Won} - p.stake * (m.yes_pool + m.no_pool)) >= 0.01 * {Won}
                FROM markets m JOIN positions p ON p.market_id = m.id
                WHERE m.status = 'resolved' AND p.outcome = m.outcome
                """
            )
        );
        Assert.Equal(0, wrong);
        Assert.InRange(all, Count, long.MaxValue);
    }

    [Fact]
    public async Task Law_3_A_winner_never_gets_less_than_the_stake_and_a_loser_nothing()
    {
        var (all, wrong) = Assert.Single(
            await CountAsync(
                $"""
                SELECT CASE
                    WHEN m.status = 'cancelled' OR {Won} = 0 THEN {Payout} <> p.stake
                    WHEN p.outcome = m.outcome THEN {Payout} < p.stake
                    ELSE {Payout} <> 0
                END
                FROM markets m JOIN positions p ON p.market_id = m.id
                """
            )
        );
        Assert.Equal(0, wrong);
        Assert.InRange(all, 5 * Count, long.MaxValue);
    }

    [Fact]
    public async Task Law_4_A_market_with_one_side_pays_exactly_the_stakes_back()
    {
        var (all, wrong) = Assert.Single(
            await CountAsync(
                $"""
                SELECT {Payout} <> p.stake
                FROM markets m JOIN positions p ON p.market_id = m.id
                WHERE m.yes_pool = 0 OR m.no_pool = 0
                """
            )
        );
        Assert.Equal(0, wrong);
        Assert.InRange(all, Count / 20, long.MaxValue);
    }

    [Fact]
    public async Task The_positions_of_an_outcome_tile_its_pool_and_the_volume_is_the_pool()
    {
        Assert.Equal(
            [0],
            await _markets.Database.QueryAsync<long>(
                """
                SELECT count(*)
                FROM (
                    SELECT p.stakes_before IS DISTINCT FROM
                               sum(p.stake) OVER (PARTITION BY p.market_id, p.outcome ORDER BY p.stakes_before) - p.stake AS is_wrong
                    FROM positions p
                    UNION ALL
                    SELECT m.volume <> m.imported_volume + m.yes_pool + m.no_pool
                        OR m.yes_pool <> (SELECT coalesce(sum(stake), 0) FROM positions WHERE market_id = m.id AND outcome = 'yes')
                        OR m.no_pool <> (SELECT coalesce(sum(stake), 0) FROM positions WHERE market_id = m.id AND outcome = 'no')
                        OR m.resolved_at IS NULL
                    FROM markets m
                ) AS checked
                WHERE is_wrong
                """
            )
        );
    }

    [Fact]
    public async Task Law_5_One_stake_opened_as_several_in_a_row_is_paid_the_same()
    {
        // Each position of a random market cut in two at a random cent, in place.
        var (all, wrong) = Assert.Single(
            await CountAsync(
                $"""
                SELECT {Payout}
                    <> pool_payout(m.status, m.outcome, m.yes_pool, m.no_pool, p.outcome, p.stakes_before, cut)
                    + pool_payout(m.status, m.outcome, m.yes_pool, m.no_pool, p.outcome, p.stakes_before + cut, p.stake - cut)
                FROM markets m JOIN positions p ON p.market_id = m.id
                CROSS JOIN LATERAL (SELECT trunc((p.stake * (hashtext(p.id::text) & 1023) / 1024)::numeric, 2) AS cut) AS part
                """
            )
        );
        Assert.Equal(0, wrong);
        Assert.InRange(all, 5 * Count, long.MaxValue);
    }

    [Fact]
    public async Task Law_6_Another_order_moves_each_payout_by_at_most_a_cent()
    {
        var (all, wrong) = Assert.Single(
            await CountAsync(
                $"""
                SELECT abs({Payout}
                    - pool_payout(m.status, m.outcome, m.yes_pool, m.no_pool, p.outcome, shuffled.stakes_before, p.stake)) > 0.01
                FROM markets m JOIN positions p ON p.market_id = m.id
                JOIN (
                    SELECT id, sum(stake) OVER (PARTITION BY market_id, outcome ORDER BY md5(id::text)) - stake AS stakes_before
                    FROM positions
                ) AS shuffled ON shuffled.id = p.id
                """
            )
        );
        Assert.Equal(0, wrong);
        Assert.InRange(all, 5 * Count, long.MaxValue);
    }

    [Fact]
    public async Task Law_7_The_database_and_the_program_agree_on_payouts_and_probabilities()
    {
        var rows = await _markets.Database.QueryAsync<Row>(
            $"""
            SELECT m.outcome AS settled_on, m.yes_pool, m.no_pool, p.outcome, p.stakes_before, p.stake, {Payout} AS payout,
                   pool_probability(m.yes_pool, m.no_pool) AS probability
            FROM markets m JOIN positions p ON p.market_id = m.id
            """
        );

        Assert.InRange(rows.Count, 5 * Count, int.MaxValue);
        Assert.All(rows, row => row.ShouldAgree());
    }

    [Fact]
    public async Task Law_7_They_agree_up_to_ten_to_the_eighteen_cents()
    {
        // Amounts of any size up to the largest, and those next to powers of ten.
        var rows = await _markets.Database.QueryAsync<Row>(
            """
            WITH amounts AS (
                SELECT n,
                       trunc((random() * power(10, random() * 16))::numeric, 2) + CASE WHEN n % 3 = 0 THEN 4999999999999999.99 ELSE 0.01 END AS yes_pool,
                       CASE n % 5 WHEN 0 THEN 4999999999999999.99 ELSE trunc((random() * power(10, random() * 15))::numeric, 2) END AS no_pool,
                       (ARRAY['yes', 'no', NULL])[1 + n % 3 * (n % 2)] AS settled_on,
                       (ARRAY['yes', 'no'])[1 + n % 2] AS outcome
                FROM generate_series(1, @Count) n
            ),
            tiles AS (
                SELECT *, CASE outcome WHEN 'yes' THEN yes_pool ELSE no_pool END AS side
                FROM amounts
            ),
            cut AS (
                SELECT *, trunc((side * (random()::numeric)), 2) AS stakes_before
                FROM tiles
                WHERE side > 0
            )
            SELECT settled_on, yes_pool, no_pool, outcome, stakes_before, side - stakes_before AS stake,
                   pool_payout(CASE WHEN settled_on IS NULL THEN 'cancelled' ELSE 'resolved' END, settled_on, yes_pool, no_pool,
                               outcome, stakes_before, side - stakes_before) AS payout,
                   pool_probability(yes_pool, no_pool) AS probability
            FROM cut
            """,
            new { Count = 5 * Count }
        );

        Assert.InRange(rows.Count, 4 * Count, 5 * Count);
        Assert.Contains(rows, row => row.YesPool + row.NoPool > 9_000_000_000_000_000m);
        Assert.All(rows, row => row.ShouldAgree());
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(1, 0, "1.0000")]
    [InlineData(0, 1, "0.0000")]
    [InlineData(1, 2, "0.3333")]
    [InlineData(2, 1, "0.6667")]
    [InlineData(1, 19999, "0.0000")] // 0.00005
    [InlineData(3, 19997, "0.0002")] // 0.00015
    [InlineData(5, 19995, "0.0002")] // 0.00025
    [InlineData(19999, 1, "1.0000")] // 0.99995
    public async Task A_probability_is_rounded_half_to_even(int yes, int no, string? expected)
    {
        var stored = Assert.Single(
            await _markets.Database.QueryAsync<decimal?>(
                "SELECT pool_probability(@yes * 0.01, @no * 0.01)",
                new { yes, no }
            )
        );

        Assert.Equal(expected, stored?.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(
            expected,
            new MarketPool(yes / 100m, no / 100m).Probability?.ToString(CultureInfo.InvariantCulture)
        );
    }

    private async Task<IReadOnlyList<(long All, long Wrong)>> CountAsync(string sql) =>
        await _markets.Database.QueryAsync<(long, long)>(
            $"SELECT count(*), count(*) FILTER (WHERE is_wrong IS DISTINCT FROM false) FROM ({sql}) AS checked (is_wrong)"
        );

    private sealed record Row
    {
        public string? SettledOn { get; init; }

        public decimal YesPool { get; init; }

        public decimal NoPool { get; init; }

        public string Outcome { get; init; } = "";

        public decimal StakesBefore { get; init; }

        public decimal Stake { get; init; }

        public decimal Payout { get; init; }

        public decimal Probability { get; init; }

        public void ShouldAgree()
        {
            var pool = new MarketPool(YesPool, NoPool);
            Assert.Equal(
                (Payout, Probability),
                (pool.Payout(SettledOn, Outcome, StakesBefore, Stake), pool.Probability)
            );
        }
    }
}
