using System.Diagnostics;
using System.Net;
using MarketsApi.Tests.Infrastructure.Caching;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Two running programs that share a Redis which stops, dies, and comes back with what it once knew.</summary>
[Collection(typeof(Alone))]
public sealed class RedisOutageTests
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Frozen_it_costs_no_status_and_little_time_and_thawed_it_brings_nothing_old()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(2, redis);
        var markets = await CreateMarketsAsync(fleet, 40);
        var (a, b) = (fleet.Instances[0], fleet.Instances[1]);
        await using var load = new SteadyLoad(fleet, markets[1..]);
        await load.NextSecondAsync();
        var normal = await load.MedianOfNextSecondsAsync(3);

        await redis.FreezeAsync();
        var first = await load.NextSecondAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        var later = await load.MedianOfNextSecondsAsync(3);
        var written = await Fleet.WriteAsync(a.Client, markets[0], "while Redis is frozen");
        var seenMeanwhile = await Fleet.ReadAsync(b.Client, markets[0]);
        var timesBefore = (A: Fleet.TimesRedisCame(a), B: Fleet.TimesRedisCame(b));
        await redis.ThawAsync();
        await Fleet.UntilRedisIsInUseAsync(a, timesBefore.A + 1);
        await Fleet.UntilRedisIsInUseAsync(b, timesBefore.B + 1);
        await load.StopAsync();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"p99 {normal:0.0} ms, {first:0.0} ms in the first second, {later:0.0} ms later; {load.Count} answers"
        );
        Assert.Empty(load.Refusals);
        Assert.True(first < normal + 150, $"p99 of {first} ms after {normal} ms");
        Assert.True(later < normal + 50, $"p99 of {later} ms after {normal} ms");
        Assert.Equal((HttpStatusCode.OK, 2L), (written.Status, written.Version));
        Assert.Equal(2, seenMeanwhile.Version);
        await ShouldAgreeWithDatabaseAsync(fleet, markets);
        foreach (var instance in fleet.Instances)
        {
            Assert.True((await Fleet.ReadAsync(instance.Client, markets[0])).IsMemoryHit);
        }
    }

    [Fact]
    public async Task Killed_and_restarted_it_costs_no_status_and_little_time()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(2, redis);
        var markets = await CreateMarketsAsync(fleet, 40);
        await using var load = new SteadyLoad(fleet, markets);
        await load.NextSecondAsync();
        var normal = await load.MedianOfNextSecondsAsync(3);

        await redis.KillAsync();
        var first = await load.NextSecondAsync();
        var later = await load.MedianOfNextSecondsAsync(3);
        var timesBefore = fleet.Instances.Select(Fleet.TimesRedisCame).ToList();
        await redis.RestartAsync();
        foreach (var (instance, times) in fleet.Instances.Zip(timesBefore))
        {
            await Fleet.UntilRedisIsInUseAsync(instance, times + 1);
        }

        await load.StopAsync();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"p99 {normal:0.0} ms, {first:0.0} ms in the first second, {later:0.0} ms later; {load.Count} answers"
        );
        Assert.Empty(load.Refusals);
        Assert.True(first < normal + 150, $"p99 of {first} ms after {normal} ms");
        Assert.True(later < normal + 50, $"p99 of {later} ms after {normal} ms");
        await ShouldAgreeWithDatabaseAsync(fleet, markets);
    }

    [Fact]
    public async Task Restarted_from_an_old_snapshot_it_brings_nothing_old()
    {
        await using var redis = await RedisServer.StartAsync();
        // Nothing but Redis keeps anything, so that what it says is what is answered.
        await using var fleet = await Fleet.StartAsync(2, redis, ("Caching__MemoryMegabytes", "0"));
        var markets = await CreateMarketsAsync(fleet, 2);
        var (changed, deleted) = (markets[0], markets[1]);
        var (a, b) = (fleet.Instances[0].Client, fleet.Instances[1].Client);
        foreach (var id in markets)
        {
            await Fleet.ReadAsync(a, id);
            await UntilAsync(async () => (await Fleet.ReadAsync(b, id)).IsRedisHit, "Redis keeps the market");
        }

        await redis.SaveAsync();
        Assert.Equal(2, (await Fleet.WriteAsync(a, changed, "after the snapshot")).Version);
        Assert.Equal(HttpStatusCode.NoContent, (await Fleet.DeleteAsync(a, deleted)).Status);
        await redis.RestartAsync();
        Assert.Equal(":2", await redis.RunAsync($"EXISTS market:{changed} market:{deleted}"));

        var started = Stopwatch.GetTimestamp();
        var reads = 0;
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(3))
        {
            foreach (var client in (HttpClient[])[a, b])
            {
                Assert.Equal(2, (await Fleet.ReadAsync(client, changed)).Version);
                Assert.Equal(HttpStatusCode.NotFound, (await Fleet.ReadAsync(client, deleted)).Status);
                reads++;
            }

            await Task.Delay(5);
        }

        Assert.True(reads > 100, $"only {reads} reads");
        await UntilAsync(async () => (await Fleet.ReadAsync(b, changed)).IsRedisHit, "Redis keeps the market again");
        Assert.Equal(2, (await Fleet.ReadAsync(b, changed)).Version);
    }

    [Fact]
    public async Task Restarted_within_a_moment_that_nobody_notices_it_brings_nothing_old_either()
    {
        var reads = 0;
        var rounds = CacheRace.IsLong ? 7 : 2;
        for (var round = 0; round < rounds; round++)
        {
            await using var redis = await RedisServer.StartAsync();
            await using var fleet = await Fleet.StartAsync(1, redis, ("Caching__MemoryMegabytes", "0"));
            var id = await fleet.CreateMarketAsync();
            var old = fleet.Instances[0].Client;
            await UntilAsync(async () => (await Fleet.ReadAsync(old, id)).IsRedisHit, "Redis keeps the market");
            await redis.SaveAsync();
            Assert.Equal(2, (await Fleet.WriteAsync(old, id, "after the snapshot")).Version);
            // It hasn't heard of the change, as one that has heard of it long ago.
            await fleet.AddAsync(1, redis, ("Caching__MemoryMegabytes", "0"));
            fleet.Ways[0].Close();

            // Nobody asks while it is away, so that no failures are counted, and then at once.
            await redis.RestartAsync();
            await UntilAsync(
                async () => await redis.CountConnectionsAsync() > 0,
                "the program is connected again",
                TimeSpan.FromMilliseconds(1)
            );

            for (var read = 0; read < 20; read++)
            {
                var reading = await Fleet.ReadAsync(fleet.Instances[1].Client, id);
                reads++;
                if (read == 0)
                {
                    TestContext.Current.TestOutputHelper?.WriteLine($"{round}: {reading}");
                }

                Assert.True(
                    (reading.Status, reading.Version) == (HttpStatusCode.OK, 2L),
                    $"Read {read} of round {round}: {reading}"
                );
                await Task.Delay(25);
            }
        }

        Assert.Equal(rounds * 20, reads);
    }

    [Fact]
    public async Task Flushed_it_is_filled_again()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(2, redis, ("Caching__MemoryMegabytes", "0"));
        var id = await fleet.CreateMarketAsync();
        var (a, b) = (fleet.Instances[0].Client, fleet.Instances[1].Client);
        await UntilAsync(async () => (await Fleet.ReadAsync(a, id)).IsRedisHit, "Redis keeps the market");

        await redis.FlushAsync();

        var reading = await Fleet.ReadAsync(b, id);
        Assert.Equal((HttpStatusCode.OK, "MarketsApi; fwd=miss"), (reading.Status, reading.CacheStatus));
        await UntilAsync(async () => (await Fleet.ReadAsync(a, id)).IsRedisHit, "Redis keeps the market again");
        await UntilAsync(async () => (await Fleet.ReadAsync(b, id)).IsRedisHit, "both make use of it");
    }

    private static async Task<List<Guid>> CreateMarketsAsync(Fleet fleet, int count)
    {
        var ids = new List<Guid>();
        while (ids.Count < count)
        {
            ids.Add(await fleet.CreateMarketAsync());
        }

        return ids;
    }

    private static async Task ShouldAgreeWithDatabaseAsync(Fleet fleet, IReadOnlyList<Guid> markets)
    {
        await Task.Delay(Settled);
        foreach (var id in markets)
        {
            var version = (
                await fleet.Database.QueryAsync<long>("SELECT version FROM markets WHERE id = @id", new { id })
            ).Single();
            foreach (var instance in fleet.Instances)
            {
                Assert.Equal(version, (await Fleet.ReadAsync(instance.Client, id)).Version);
            }
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what, TimeSpan? each = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15),
                $"It never came about that {what}"
            );
            await Task.Delay(each ?? TimeSpan.FromMilliseconds(20));
        }
    }
}
