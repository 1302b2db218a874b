using Dapper;
using MarketsApi.Features.OpenPosition;
using MarketsApi.Infrastructure.Postgres;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>The version before pools, by its statements, while the database is migrated and beside the present one afterwards.</summary>
public sealed class PoolUpgradeTests
{
    private const string Pools = "20261129_12_pools.sql";

    private static readonly Guid User = new("c0000000-0000-7000-8000-000000000000");

    private const string NewMarkets = """
        INSERT INTO users (id, display_name, created_at, updated_at)
        VALUES ('c0000000-0000-7000-8000-000000000000', 'Creator', now(), now())
        ON CONFLICT DO NOTHING;

        INSERT INTO markets (id, name, description, status, outcome, ends_at, created_at, updated_at, creator_id)
        SELECT md5(n::text)::uuid, 'Market ' || n, '', 'active', NULL, timestamptz '2035-01-01Z', now(), now(),
               'c0000000-0000-7000-8000-000000000000'
        FROM generate_series(1, 6) n
        """;

    [Fact]
    public async Task Writes_of_both_versions_before_during_and_after_the_migration_leave_right_pools()
    {
        await using var database = await FormerDatabase.CreateAsync(before: Pools);
        await database.ExecuteAsync(NewMarkets);
        using var end = new CancellationTokenSource();
        var markets = await database.QueryAsync<Guid>("SELECT id FROM markets ORDER BY name");
        var former = Enumerable.Range(0, 4).Select(lane => KeepOpeningAsync(FormerSql.Open, lane)).ToList();
        await UntilAsync(database, "SELECT count(*) >= 40 FROM positions");

        Assert.Contains(Pools, await database.MigrateAsync(TestContext.Current.CancellationToken));

        var present = Enumerable.Range(4, 4).Select(lane => KeepOpeningTogetherAsync(lane)).ToList();
        var creating = KeepCreatingAsync();
        var before = (await database.QueryAsync<long>("SELECT count(*) FROM positions")).Single();
        await UntilAsync(database, $"SELECT count(*) >= {before + 500} FROM positions");
        await end.CancelAsync();
        var opened = await Task.WhenAll([.. former, .. present]);
        var created = await creating;

        Assert.Empty(await database.QueryAsync<string>(PoolInvariants.SelectWrong));
        Assert.All(opened, number => Assert.InRange(number, 10, int.MaxValue));
        Assert.InRange(created, 5, int.MaxValue);
        var settled = await database.ExecuteAsync(
            FormerSql.Settle,
            new
            {
                Status = "resolved",
                Outcome = "yes",
                UpdatedAt = DateTime.UtcNow,
                MarketId = markets[0],
            }
        );
        Assert.Equal(1, settled);
        Assert.Equal(
            [0m],
            await database.QueryAsync<decimal>(
                """
                SELECT m.yes_pool + m.no_pool
                    - sum(pool_payout(m.status, m.outcome, m.yes_pool, m.no_pool, p.outcome, p.stakes_before, p.stake))
                FROM markets m JOIN positions p ON p.market_id = m.id
                WHERE m.resolved_at IS NOT NULL
                GROUP BY m.id
                """
            )
        );

        async Task<int> KeepOpeningTogetherAsync(int lane)
        {
            var random = new Random(lane);
            var number = 0;
            await using var connection = await database.ConnectAsync();
            while (!end.IsCancellationRequested)
            {
                var rows = Enumerable
                    .Range(0, random.Next(1, 6))
                    .Select(_ => Position(markets[random.Next(6)], random));
                var tags = await connection.QueryAsync(OpenPositionSql.Insert, RowParameters.Of([.. rows]));
                number += tags.Count();
            }

            return number;
        }

        async Task<int> KeepOpeningAsync(string sql, int lane)
        {
            var random = new Random(lane);
            var number = 0;
            await using var connection = await database.ConnectAsync();
            while (!end.IsCancellationRequested)
            {
                var tags = await connection.QueryAsync(sql, Position(markets[random.Next(6)], random));
                number += tags.Count();
            }

            return number;
        }

        async Task<int> KeepCreatingAsync()
        {
            var random = new Random(99);
            var number = 0;
            await using var connection = await database.ConnectAsync();
            while (!end.IsCancellationRequested)
            {
                await connection.ExecuteAsync(FormerSql.Create, Position(Guid.NewGuid(), random));
                number++;
            }

            return number;
        }
    }

    [Fact]
    public async Task The_migration_fills_what_there_is()
    {
        await using var database = await FormerDatabase.CreateAsync(before: Pools);
        await database.ExecuteAsync(NewMarkets);
        await database.ExecuteAsync(
            """
            UPDATE markets SET volume = 180.00, imported_volume = 30.00, revision = 3 WHERE id = md5('1')::uuid;
            UPDATE markets SET volume = 7.00 WHERE id = md5('2')::uuid;
            UPDATE markets SET status = 'closed', version = 2, updated_at = '2026-02-01Z' WHERE id = md5('3')::uuid;
            UPDATE markets
            SET status = 'resolved', outcome = 'no', version = 3, updated_at = '2026-03-01Z'
            WHERE id = md5('3')::uuid;
            UPDATE markets SET name = 'Named later', version = 4, updated_at = '2026-04-01Z' WHERE id = md5('3')::uuid;
            INSERT INTO positions (id, market_id, user_id, outcome, stake, created_at)
            VALUES (gen_random_uuid(), md5('1')::uuid, 'c0000000-0000-7000-8000-000000000000', 'yes', 70, '2026-01-03Z'),
                   (gen_random_uuid(), md5('1')::uuid, 'c0000000-0000-7000-8000-000000000000', 'no', 50, '2026-01-02Z'),
                   (gen_random_uuid(), md5('1')::uuid, 'c0000000-0000-7000-8000-000000000000', 'yes', 30, '2026-01-01Z')
            """
        );

        await database.MigrateAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            ["yes 30.00 0.00 1.0000", "no 50.00 0.00 0.3750", "yes 70.00 30.00 0.6667"],
            await database.QueryAsync<string>(
                "SELECT concat_ws(' ', outcome, stake, stakes_before, probability) FROM positions ORDER BY created_at"
            )
        );
        Assert.Equal(
            ["180.00 30.00 100.00 50.00 ", "7.00 7.00 0.00 0.00 ", "0.00 0.00 0.00 0.00 2026-03-01"],
            await database.QueryAsync<string>(
                """
                SELECT concat_ws(' ', volume, imported_volume, yes_pool, no_pool, coalesce(to_char(resolved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), ''))
                FROM markets
                WHERE id IN (md5('1')::uuid, md5('2')::uuid, md5('3')::uuid)
                ORDER BY name
                """
            )
        );
        Assert.Empty(await database.QueryAsync<string>(PoolInvariants.SelectWrong));
    }

    [Fact]
    public async Task A_volume_that_is_not_its_pool_is_never_committed()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(NewMarkets);
        string[] wrong =
        [
            "UPDATE markets SET volume = volume + 1",
            "UPDATE markets SET yes_pool = yes_pool + 1",
            "UPDATE markets SET volume = volume + 1, no_pool = no_pool + 2",
            "UPDATE markets SET yes_pool = -1, no_pool = 1",
            "UPDATE markets SET status = 'resolved'",
        ];
        foreach (var sql in wrong)
        {
            var exception = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(sql));
            Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        }
    }

    private static object Position(Guid marketId, Random random) =>
        new
        {
            Id = Guid.NewGuid(),
            MarketId = marketId,
            UserId = User,
            DisplayName = "Creator",
            Email = (string?)null,
            Outcome = random.Next(2) == 0 ? "yes" : "no",
            Stake = random.Next(1, 100_000) / 100m,
            // The same time by the former statements' name and by the present one's.
            CreatedAt = DateTime.UtcNow,
            Now = DateTime.UtcNow,
        };

    private static async Task UntilAsync(TestDatabase database, string sql)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            if ((await database.QueryAsync<bool>(sql)).Single())
            {
                return;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"Never became true: {sql}");
    }
}
