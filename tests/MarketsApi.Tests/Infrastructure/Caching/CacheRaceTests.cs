using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>No caller ever reads a state of a market that is older than one they have read or written.</summary>
[Collection(typeof(Alone))]
public sealed class CacheRaceTests
{
    /// <summary>Long enough that the delays between the instances and Redis don't count as an outage, even on a busy machine.</summary>
    private static readonly (string, string?) PatientWithRedis = ("Caching__RedisTimeoutMilliseconds", "2000");

    [Fact]
    public async Task Three_instances_with_a_slow_Redis_never_show_anything_old()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(3, redis, PatientWithRedis);
        var race = new CacheRace(fleet, await fleet.CreateMarketAsync());
        SlowDown(fleet);

        await race.RunAsync(readsElsewhere: true);

        await race.ShouldHaveAgreedAsync();
        race.ShouldHaveGoneWell();
    }

    [Fact]
    public async Task A_flushed_Redis_leads_to_nothing_old()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(3, redis, PatientWithRedis);
        var race = new CacheRace(fleet, await fleet.CreateMarketAsync());
        SlowDown(fleet);

        await race.RunAsync(
            readsElsewhere: true,
            async () =>
            {
                for (var time = 0; time < 20; time++)
                {
                    await redis.FlushAsync();
                    await Task.Delay(CacheRace.Length / 20);
                }
            }
        );

        await race.ShouldHaveAgreedAsync();
        race.ShouldHaveGoneWell();
    }

    [Fact]
    public async Task Redis_killed_and_restarted_twice_causes_no_errors_and_no_older_reads()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(3, redis);
        var race = new CacheRace(fleet, await fleet.CreateMarketAsync());

        await race.RunAsync(
            readsElsewhere: false,
            async () =>
            {
                for (var time = 0; time < 2; time++)
                {
                    await Task.Delay(CacheRace.Length * 0.2);
                    await redis.KillAsync();
                    await Task.Delay(CacheRace.Length * 0.15);
                    await redis.RestartAsync();
                }
            }
        );
        await Task.Delay(TimeSpan.FromSeconds(3));

        await race.ShouldHaveAgreedAsync();
        race.ShouldHaveGoneWell();
    }

    [Fact]
    public async Task Redis_frozen_and_thawed_twice_causes_no_errors_and_no_older_reads()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(3, redis);
        var race = new CacheRace(fleet, await fleet.CreateMarketAsync());

        await race.RunAsync(
            readsElsewhere: false,
            async () =>
            {
                for (var time = 0; time < 2; time++)
                {
                    await Task.Delay(CacheRace.Length * 0.2);
                    await redis.FreezeAsync();
                    await Task.Delay(CacheRace.Length * 0.15);
                    await redis.ThawAsync();
                }
            }
        );
        await Task.Delay(TimeSpan.FromSeconds(3));

        await race.ShouldHaveAgreedAsync();
        race.ShouldHaveGoneWell();
    }

    [Fact]
    public async Task One_instance_without_Redis_never_shows_anything_old()
    {
        await using var fleet = await Fleet.StartAsync(1, redis: null);
        var race = new CacheRace(fleet, await fleet.CreateMarketAsync());

        await race.RunAsync(readsElsewhere: true);

        await race.ShouldHaveAgreedAsync();
        race.ShouldHaveGoneWell();
    }

    private static void SlowDown(Fleet fleet)
    {
        foreach (var way in fleet.Ways)
        {
            way.Delay = () => TimeSpan.FromMilliseconds(Random.Shared.Next(16));
        }
    }
}
