using System.Text.Json;
using MarketsApi.Tests.Infrastructure.Idempotency;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Writes that clients send again, to one or several instances that may die meanwhile.</summary>
public sealed class RepeatedWriteTests
{
    private static readonly User Caller = User.New("user", "Carol");

    [Fact]
    public async Task Fifty_identical_requests_on_three_instances_make_one_market()
    {
        await using var fleet = await Fleet.StartAsync(3, redis: null);
        var (key, body) = (KeyedRequests.NewKey(), KeyedRequests.NewMarket());

        var responses = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(number => fleet.Instances[number % 3].Client.PostAsync("/api/markets", body, Caller, key))
        );
        var later = await Task.WhenAll(
            fleet.Instances.Select(instance => instance.Client.PostAsync("/api/markets", body, Caller, key))
        );

        Assert.All(responses, response => Assert.True(response.Status is 201 or 409, response.Body));
        Assert.All(responses, response => Assert.Equal(response.Status == 409, response.RetryAfter is not null));
        var first = Assert.Single(responses, response => response is { Status: 201, Replayed: null });
        Assert.All(
            responses.Where(response => response.Status == 201 && response != first),
            response => response.ShouldReplay(first)
        );
        Assert.All(later, response => response.ShouldReplay(first));
        Assert.Equal([first.Data.Id()], await fleet.Database.QueryAsync<Guid>("SELECT id FROM markets"));
    }

    [Fact]
    public async Task A_hundred_positions_by_way_of_three_instances_add_up()
    {
        await using var fleet = await Fleet.StartAsync(3, redis: null);
        var market = await fleet.CreateMarketAsync();
        var url = $"/api/markets/{market}/positions";

        // Each is sent twice with its key, by way of two instances.
        var responses = await Task.WhenAll(Enumerable.Range(0, 200).Select(PostAsync));

        Assert.All(responses, response => Assert.True(response.Status is 201 or 409, response.Body));
        var accepted = responses
            .Where(response => response.Status == 201)
            .Select(response => response.Data)
            .DistinctBy(position => position.Id())
            .ToDictionary(position => position.Id(), position => position.GetProperty("stake").GetDecimal());
        Assert.Equal(100, accepted.Count);
        Assert.Equal(5_051m, accepted.Values.Sum());
        foreach (var instance in fleet.Instances)
        {
            var volume = await ReadAsync(instance, $"/api/markets/{market}");
            Assert.Equal(5_051m, volume.GetProperty("volume").GetDecimal());
            var listed = await ReadAsync(instance, url + "?limit=100");
            Assert.Equal(accepted.Keys.Order(), listed.EnumerateArray().Select(position => position.Id()).Order());
        }

        // As a client does: where an instance has more to do than it can, the same again.
        async Task<KeyedResponse> PostAsync(int number)
        {
            var body = $$"""{"outcome":"yes","stake":{{number % 100 + 1}}.01}""";
            for (var tries = 1; ; tries++)
            {
                var response = await fleet
                    .Instances[number % 3]
                    .Client.PostAsync(url, body, Caller, $"stake-{number % 100}");
                if (response.Status != 503 || tries == 100)
                {
                    return response;
                }

                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task Killed_between_commit_and_response_it_has_been_done_once()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartProcessesAsync(
            2,
            redis,
            ("Caching__RedisTimeoutMilliseconds", "5000")
        );
        var (key, body) = (KeyedRequests.NewKey(), KeyedRequests.NewMarket());

        // The other instances are told of a commit before the response is sent; a silent Redis delays that.
        await fleet.Ways[0].FreezeAsync();
        var cut = fleet.Instances[0].Client.PostAsync("/api/markets", body, Caller, key);
        while ((await fleet.Database.QueryAsync<Guid>("SELECT id FROM markets")).Count == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.False(cut.IsCompleted);
        fleet.Kill(0);
        await Assert.ThrowsAsync<HttpRequestException>(() => cut);
        var again = await fleet.Instances[1].Client.PostAsync("/api/markets", body, Caller, key);

        Assert.Equal(201, again.Status);
        Assert.Equal("true", again.Replayed);
        Assert.Equal([again.Data.Id()], await fleet.Database.QueryAsync<Guid>("SELECT id FROM markets"));
        fleet.Ways[0].Thaw();
    }

    [Fact]
    public async Task A_connection_lost_at_the_commit_is_resolved_before_the_response()
    {
        await using var database = await TestDatabase.CreateAsync();
        var server = new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var proxy = new TcpProxy(server.Host!, server.Port);
        (server.Host, server.Port) = ("127.0.0.1", proxy.Port);
        await using var program = await HostedProgram.StartAsync(
            ("ConnectionStrings__Postgres", server.ConnectionString)
        );
        var (key, body) = (KeyedRequests.NewKey(), KeyedRequests.NewMarket());
        var stored = 0;
        // The commit follows the statement that stores the response immediately.
        proxy.CutAfterSending = bytes =>
            bytes.Span.IndexOf("INTO idempotency_keys"u8) >= 0 && Interlocked.Increment(ref stored) == 1;

        var first = await program.Client.PostAsync("/api/markets", body, Caller, key);
        proxy.CutAfterSending = null;
        // As long as the server is still at what it was sent before the cut, the key is outstanding.
        var again = await program.Client.PostAsync("/api/markets", body, Caller, key);
        for (var tries = 0; again.Status == 409 && tries < 100; tries++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            again = await program.Client.PostAsync("/api/markets", body, Caller, key);
        }

        Assert.Equal(1, stored);
        Assert.True(first.Status is 201 or 409, first.Body);
        Assert.Equal(201, again.Status);
        Assert.Equal("true", again.Replayed);
        Assert.Equal([again.Data.Id()], await database.QueryAsync<Guid>("SELECT id FROM markets"));
        if (first.Status == 201)
        {
            Assert.Equal(first.Body, again.Body);
        }
    }

    private static async Task<JsonElement> ReadAsync(IInstance instance, string url)
    {
        var body = await instance.Client.GetStringAsync(url);
        return JsonDocument.Parse(body).RootElement.GetProperty("data");
    }
}
