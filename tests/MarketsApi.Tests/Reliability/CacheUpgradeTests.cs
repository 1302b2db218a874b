using System.Text.Json;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Tests.Support;
using StackExchange.Redis;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>The version before, by what it left and does in a Redis that both versions share while the new one is rolled out.</summary>
public sealed class CacheUpgradeTests
{
    /// <summary>How the version before noted a change: its copies named only the epoch.</summary>
    private const string FormerChange = """
        local value = redis.call('GET', KEYS[1])
        if value then
          local kind, epoch, version, revision = string.match(value, '^(%a)|([^|]*)|(%d*)|?(%d*)')
          if kind == 'V' and epoch == ARGV[1] then
            local order = tonumber(version) - tonumber(ARGV[2])
            if order == 0 then order = tonumber(revision) - tonumber(ARGV[3]) end
            if order < 0 then
              if ARGV[4] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[4], 'EX', ARGV[5]) end
            end
          elseif kind ~= 'T' or epoch ~= ARGV[1] then
            redis.call('DEL', KEYS[1])
          end
        end
        return redis.call('PUBLISH', ARGV[6], ARGV[7])
        """;

    [Fact]
    public async Task A_copy_of_the_version_before_is_not_sent_and_a_change_removes_it()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(1, redis, ("Caching__MemoryMegabytes", "0"));
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");
        var shared = connection.GetDatabase();
        var client = fleet.Instances[0].Client;
        var id = await fleet.CreateMarketAsync();
        var former = await FormerCopyAsync(shared, """{"success":true,"data":{"version":1}}""");

        await shared.StringSetAsync($"market:{id}", former);
        using var response = await client.GetAsync($"/api/markets/{id}");
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal("pool", body.GetProperty("data").Text("mechanism"));
        Assert.Equal("MarketsApi; fwd=miss", MarketReading.Of(response).CacheStatus);

        await shared.StringSetAsync($"market:{id}", former);
        Assert.Equal(2, (await Fleet.WriteAsync(client, id, "changed by the present version")).Version);

        Assert.False(await shared.KeyExistsAsync($"market:{id}"));
    }

    [Fact]
    public async Task The_version_before_takes_no_copy_of_the_present_one_for_its_own_and_its_changes_remove_it()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(1, redis, ("Caching__MemoryMegabytes", "0"));
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");
        var shared = connection.GetDatabase();
        var id = await fleet.CreateMarketAsync();
        for (var reads = 0; !(await Fleet.ReadAsync(fleet.Instances[0].Client, id)).IsRedisHit; reads++)
        {
            Assert.InRange(reads, 0, 500);
        }

        byte[] copy = (await shared.StringGetAsync($"market:{id}"))!;
        byte[] epoch = (await shared.StringGetAsync("cache:epoch"))!;

        Assert.Null(RedisFormat.Read(copy, epoch));
        await shared.ScriptEvaluateAsync(
            FormerChange,
            [$"market:{id}"],
            [epoch, 1, 0, await FormerCopyAsync(shared, "{}"), 300, "cache:changes", $"C|former|0|{id}|1|0"]
        );
        Assert.False(await shared.KeyExistsAsync($"market:{id}"));
    }

    private static async Task<RedisValue> FormerCopyAsync(IDatabase shared, string body) =>
        $"V|{await shared.StringGetAsync("cache:epoch")}|1|0|1764000000000|{body}";
}
