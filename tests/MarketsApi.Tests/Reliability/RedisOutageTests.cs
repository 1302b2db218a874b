using System.Diagnostics;
using System.Net;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Two running programs that share a Redis which stops or dies while they are busy.</summary>
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
        var returned = Stopwatch.GetTimestamp();
        await redis.ThawAsync();
        await Fleet.UntilRedisIsInUseAsync(a, timesBefore.A + 1);
        await Fleet.UntilRedisIsInUseAsync(b, timesBefore.B + 1);
        ShouldBeSoon(Stopwatch.GetElapsedTime(returned));
        await load.StopAsync();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"p99 {normal:0.0} ms, {first:0.0} ms in the first second, {later:0.0} ms later; {load.Count} responses"
        );
        Assert.Empty(load.Failures);
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
        var returned = Stopwatch.GetTimestamp();
        foreach (var (instance, times) in fleet.Instances.Zip(timesBefore))
        {
            await Fleet.UntilRedisIsInUseAsync(instance, times + 1);
        }

        ShouldBeSoon(Stopwatch.GetElapsedTime(returned));
        await load.StopAsync();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"p99 {normal:0.0} ms, {first:0.0} ms in the first second, {later:0.0} ms later; {load.Count} responses"
        );
        Assert.Empty(load.Failures);
        Assert.True(first < normal + 150, $"p99 of {first} ms after {normal} ms");
        Assert.True(later < normal + 50, $"p99 of {later} ms after {normal} ms");
        await ShouldAgreeWithDatabaseAsync(fleet, markets);
    }

    /// <summary>A second of quarantine, and not much more until a connection is made, even on a slow machine.</summary>
    private static void ShouldBeSoon(TimeSpan untilInUse)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"in use again after {untilInUse.TotalSeconds:0.00} s");
        Assert.True(untilInUse < TimeSpan.FromSeconds(2.5), $"It took {untilInUse} until Redis was in use again.");
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
}
