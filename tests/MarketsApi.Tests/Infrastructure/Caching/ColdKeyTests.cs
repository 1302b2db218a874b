using System.Diagnostics;
using System.Net;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>How many queries many requests for an uncached market cost, by the database's own count.</summary>
public sealed class ColdKeyTests
{
    private const int Crowd = 200;

    /// <summary>A job would read the market as well.</summary>
    private static readonly (string Name, string? Value) NoJobs = ("Jobs__Enabled", "false");

    [Fact]
    public async Task A_crowd_for_a_cold_market_on_three_instances_causes_at_most_three_reads()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(1, redis, NoJobs);
        var id = await fleet.CreateMarketAsync();
        await fleet.StopAsync();
        await redis.FlushAsync();
        await fleet.AddAsync(3, redis, NoJobs);
        await fleet.StopAsync();
        var atRest = await CountReadsAsync(fleet.Database);
        await fleet.AddAsync(3, redis, NoJobs);

        var readings = await Task.WhenAll(
            Enumerable.Range(0, Crowd).Select(one => Fleet.ReadAsync(fleet.Instances[one % 3].Client, id))
        );

        await fleet.StopAsync();
        var reads = await CountReadsAsync(fleet.Database) - atRest;
        TestContext.Current.TestOutputHelper?.WriteLine($"{reads} reads");
        Assert.Equal(Crowd, readings.Length);
        Assert.All(readings, reading => Assert.Equal((HttpStatusCode.OK, 1L), (reading.Status, reading.Version)));
        Assert.InRange(reads, 1, 3);
        Assert.InRange(readings.Count(reading => reading.CacheStatus == "MarketsApi; fwd=miss"), 1, 3);
    }

    [Fact]
    public async Task A_crowd_for_a_cold_market_on_one_instance_without_Redis_causes_one_read()
    {
        await using var fleet = await Fleet.StartAsync(1, redis: null, NoJobs);
        var id = await fleet.CreateMarketAsync();
        await fleet.StopAsync();
        var atRest = await CountReadsAsync(fleet.Database);
        await fleet.AddAsync(1, redis: null, NoJobs);

        // The read is held up, so that the others come while it is under way.
        await using var holder = await fleet.Database.ConnectAsync();
        await using var hold = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var lockTable = new NpgsqlCommand("LOCK TABLE markets IN ACCESS EXCLUSIVE MODE", holder))
        {
            await lockTable.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var crowd = Task.WhenAll(
            Enumerable.Range(0, Crowd).Select(_ => Fleet.ReadAsync(fleet.Instances[0].Client, id))
        );
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await hold.CommitAsync(TestContext.Current.CancellationToken);
        await holder.CloseAsync();
        var readings = await crowd;

        await fleet.StopAsync();
        Assert.All(readings, reading => Assert.Equal(HttpStatusCode.OK, reading.Status));
        Assert.Equal(1, await CountReadsAsync(fleet.Database) - atRest);
        Assert.Contains(readings, reading => reading.CacheStatus == "MarketsApi; fwd=miss; collapsed");
    }

    [Fact]
    public async Task Without_caching_each_of_a_crowd_is_counted()
    {
        await using var fleet = await Fleet.StartAsync(1, redis: null, NoJobs, ("Caching__Enabled", "false"));
        var id = await fleet.CreateMarketAsync();
        await fleet.StopAsync();
        var atRest = await CountReadsAsync(fleet.Database);
        await fleet.AddAsync(1, redis: null, NoJobs, ("Caching__Enabled", "false"));

        var readings = await Task.WhenAll(
            Enumerable.Range(0, Crowd).Select(_ => Fleet.ReadAsync(fleet.Instances[0].Client, id))
        );

        await fleet.StopAsync();
        Assert.All(readings, reading => Assert.Equal("MarketsApi; fwd=bypass", reading.CacheStatus));
        Assert.Equal(Crowd, await CountReadsAsync(fleet.Database) - atRest);
    }

    /// <summary>How often the table of markets has been read; the server adds up what a connection did at the latest when that ends, also one of a PgBouncer's.</summary>
    private static async Task<long> CountReadsAsync(TestDatabase database)
    {
        const string others = $"""
            SELECT count(*)
            FROM pg_stat_activity
            WHERE {TestDatabase.IsOfProgram} AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            """;
        var started = Stopwatch.GetTimestamp();
        while ((await database.QueryDirectlyAsync<long>(others)).Single() > 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "connections stay");
            await Task.Delay(50);
        }

        // A backend leaves the list of the active a moment before or after it has said what it did.
        await Task.Delay(200);
        return (
            await database.QueryDirectlyAsync<long>(
                "SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = 'markets'"
            )
        ).Single();
    }
}
