using System.Collections;
using System.Diagnostics;
using System.Reflection;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Redis;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>A client of Redis that doesn't find back by itself, as StackExchange.Redis 1.2.6 was seen to do after restarts under load.</summary>
public sealed class RedisWatchTests
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic;

    [Theory]
    [InlineData("interactive")]
    [InlineData("subscription")]
    public async Task A_client_that_waits_for_a_connection_it_has_forgotten_is_replaced(string connection)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var lost = Start(database, redis);
        await using var other = Start(database, redis);
        var link = lost.Services.GetRequiredService<InvalidationBus>();
        await UntilAsync(() => link.IsUp);
        await UntilAsync(() => other.Services.GetRequiredService<InvalidationBus>().IsUp);
        var clients = lost.Services.GetRequiredService<RedisConnection>();
        var client = await clients.ConnectAsync();

        Forget(client, connection);
        await UntilAsync(() => !link.IsUp);
        await UntilAsync(() => link.IsUp);

        Assert.NotSame(client, await clients.ConnectAsync());
        Assert.True(await clients.AnswersOnBothAsync(TestContext.Current.CancellationToken));
        var id = await Fleet.CreateMarketAsync(other.Client);
        Assert.Equal(1, (await Fleet.ReadAsync(lost.Client, id)).Version);
        Assert.True((await Fleet.ReadAsync(lost.Client, id)).IsMemoryHit);
        await Fleet.WriteAsync(other.Client, id, "heard of on the new connection");
        Assert.Equal(2, (await Fleet.ReadAsync(lost.Client, id)).Version);
    }

    private static LiveServer Start(TestDatabase database, RedisServer redis) =>
        new(builder =>
        {
            builder.UseSetting("ConnectionStrings:Postgres", database.ConnectionString);
            builder.UseSetting("ConnectionStrings:Redis", $"127.0.0.1:{redis.Port}");
            builder.UseSetting("Auth:Secret", Tokens.Secret);
            builder.UseSetting("Jobs:Enabled", "false");
            LogLines.Drop(builder);
        });

    /// <summary>Puts the client into the state that was seen: "established, waiting for the greeting", on no connection at all.</summary>
    private static void Forget(ConnectionMultiplexer client, string connection)
    {
        var servers = (IEnumerable)Method(client, "GetServerSnapshot").Invoke(client, null)!;
        foreach (var server in servers)
        {
            var bridge = Field(server, connection).GetValue(server)!;
            Field(bridge, "physical").SetValue(bridge, null);
            Field(bridge, "state").SetValue(bridge, 1);
        }
    }

    private static MethodInfo Method(object thing, string name) => thing.GetType().GetMethod(name, Inside)!;

    private static FieldInfo Field(object thing, string name) => thing.GetType().GetField(name, Inside)!;

    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "It didn't come about in 30 s.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
