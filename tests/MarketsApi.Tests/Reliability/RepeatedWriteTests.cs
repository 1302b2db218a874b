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

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(number => fleet.Instances[number % 3].Client.PostAsync("/api/markets", body, Caller, key))
        );
        var later = await Task.WhenAll(
            fleet.Instances.Select(instance => instance.Client.PostAsync("/api/markets", body, Caller, key))
        );

        Assert.All(answers, answer => Assert.True(answer.Status is 201 or 409, answer.Body));
        Assert.All(answers, answer => Assert.Equal(answer.Status == 409, answer.RetryAfter is not null));
        var first = Assert.Single(answers, answer => answer is { Status: 201, Replayed: null });
        Assert.All(
            answers.Where(answer => answer.Status == 201 && answer != first),
            answer => answer.ShouldReplay(first)
        );
        Assert.All(later, answer => answer.ShouldReplay(first));
        Assert.Equal([first.Data.Id()], await fleet.Database.QueryAsync<Guid>("SELECT id FROM markets"));
    }

    [Fact]
    public async Task A_hundred_positions_by_way_of_three_instances_add_up()
    {
        await using var fleet = await Fleet.StartAsync(3, redis: null);
        var market = await fleet.CreateMarketAsync();
        var url = $"/api/markets/{market}/positions";

        // Each is sent twice with its key, by way of two instances.
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(PostAsync));

        Assert.All(answers, answer => Assert.True(answer.Status is 201 or 409, answer.Body));
        var accepted = answers
            .Where(answer => answer.Status == 201)
            .Select(answer => answer.Data)
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
        async Task<KeyedAnswer> PostAsync(int number)
        {
            var body = $$"""{"outcome":"yes","stake":{{number % 100 + 1}}.01}""";
            for (var tries = 1; ; tries++)
            {
                var answer = await fleet
                    .Instances[number % 3]
                    .Client.PostAsync(url, body, Caller, $"stake-{number % 100}");
                if (answer.Status != 503 || tries == 100)
                {
                    return answer;
                }

                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task Killed_between_commit_and_answer_it_has_been_done_once()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(2, redis, ("Caching__RedisTimeoutMilliseconds", "5000"));
        var (key, body) = (KeyedRequests.NewKey(), KeyedRequests.NewMarket());

        // What was committed is made known to the other instances before it is answered; a silent Redis holds that up.
        await fleet.Ways[0].FreezeAsync();
        var cut = fleet.Instances[0].Client.PostAsync("/api/markets", body, Caller, key);
        while ((await fleet.Database.QueryAsync<Guid>("SELECT id FROM markets")).Count == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.False(cut.IsCompleted);
        fleet.Instances[0].Kill();
        await Assert.ThrowsAsync<HttpRequestException>(() => cut);
        var again = await fleet.Instances[1].Client.PostAsync("/api/markets", body, Caller, key);

        Assert.Equal(201, again.Status);
        Assert.Equal("true", again.Replayed);
        Assert.Equal([again.Data.Id()], await fleet.Database.QueryAsync<Guid>("SELECT id FROM markets"));
        fleet.Ways[0].Thaw();
    }

    [Fact]
    public async Task A_connection_lost_at_the_commit_is_found_out_about_and_answered()
    {
        await using var database = await TestDatabase.CreateAsync();
        var server = new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var proxy = new TcpProxy(server.Host!, server.Port);
        (server.Host, server.Port, server.Pooling) = ("127.0.0.1", proxy.Port, true);
        await using var program = ProgramProcess.Start([], ("DATABASE_URL", server.ConnectionString));
        await program.UntilAsync("/health/ready");
        var (key, body) = (KeyedRequests.NewKey(), KeyedRequests.NewMarket());
        var stored = 0;
        // The statement that stores the answer has the commit right behind it.
        proxy.CutAfterSending = bytes =>
            bytes.Span.IndexOf("INTO idempotency_keys"u8) >= 0 && Interlocked.Increment(ref stored) == 1;

        var first = await program.Client.PostAsync("/api/markets", body, Caller, key);
        proxy.CutAfterSending = null;
        var again = await program.Client.PostAsync("/api/markets", body, Caller, key);

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

    private static async Task<JsonElement> ReadAsync(ProgramProcess instance, string url)
    {
        var body = await instance.Client.GetStringAsync(url);
        return JsonDocument.Parse(body).RootElement.GetProperty("data");
    }
}
