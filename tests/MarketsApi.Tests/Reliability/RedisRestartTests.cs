using System.Diagnostics;
using System.Net;
using MarketsApi.Tests.Infrastructure.Caching;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Running programs that share a Redis which comes back with what it once knew, or with nothing.</summary>
public sealed class RedisRestartTests
{
    [Fact]
    public async Task Restarted_from_an_old_snapshot_it_brings_nothing_old()
    {
        await using var redis = await RedisServer.StartAsync();
        // Redis is the only cache, so that its content decides the response.
        await using var fleet = await Fleet.StartAsync(2, redis, ("Caching__MemoryMegabytes", "0"));
        var (changed, deleted) = (await fleet.CreateMarketAsync(), await fleet.CreateMarketAsync());
        var (a, b) = (fleet.Instances[0].Client, fleet.Instances[1].Client);
        foreach (var id in (Guid[])[changed, deleted])
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
        // A slow machine takes longer for as many reads.
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(reads > 100 ? 3 : 30))
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
    public async Task Restarted_faster_than_any_instance_notices_it_brings_nothing_old_either()
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

            // No requests are sent while it is down, so that no failures are counted; then they follow at once.
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
