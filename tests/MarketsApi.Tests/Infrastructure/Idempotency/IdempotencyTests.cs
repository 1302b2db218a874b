using MarketsApi.Infrastructure.Idempotency;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Idempotency;

public sealed class IdempotencyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Stake = """{"outcome":"yes","stake":12.5}""";

    [Fact]
    public async Task Returns_the_first_response_again_and_makes_one_market()
    {
        var (key, body) = (KeyedRequests.NewKey(), KeyedRequests.NewMarket());

        var first = await CreateAsync(body, key);
        var again = await CreateAsync(body, key);
        var thirdTime = await CreateAsync(body, key);

        Assert.Equal(201, first.Status);
        Assert.Null(first.Replayed);
        Assert.Equal("\"1.0\"", first.EntityTag);
        Assert.Equal($"/api/markets/{first.Data.Id()}", first.Location);
        again.ShouldReplay(first);
        thirdTime.ShouldReplay(first);
        Assert.Equal(1, await CountMarketsAsync(first.Data.Text("name")!));
    }

    [Fact]
    public async Task Counts_a_stake_once_and_shows_the_new_volume_at_once()
    {
        var market = await CreateAsync(KeyedRequests.NewMarket());
        await VolumeAsync(market);
        var key = KeyedRequests.NewKey();

        var first = await StakeAsync(market, key);
        var volume = await VolumeAsync(market);
        var again = await StakeAsync(market, key);

        Assert.Equal(201, first.Status);
        again.ShouldReplay(first);
        Assert.Equal("12.50", volume);
        Assert.Equal("12.50", await VolumeAsync(market));
    }

    [Fact]
    public async Task Without_a_key_each_request_is_a_new_one()
    {
        var body = KeyedRequests.NewMarket();

        var first = await CreateAsync(body);
        var second = await CreateAsync(body);

        Assert.NotEqual(first.Data.Id(), second.Data.Id());
    }

    [Fact]
    public async Task Rejects_a_key_with_another_body()
    {
        var key = KeyedRequests.NewKey();
        var first = await CreateAsync(KeyedRequests.NewMarket("Is this the first?"), key);

        var other = await CreateAsync(KeyedRequests.NewMarket("Is this another?"), key);
        var spelledOtherwise = await CreateAsync(KeyedRequests.NewMarket("Is this the first?") + " ", key);

        Assert.Equal(201, first.Status);
        other.ShouldBeProblem(422, "idempotency-key-reused");
        spelledOtherwise.ShouldBeProblem(422, "idempotency-key-reused");
        Assert.Equal(0, await CountMarketsAsync("Is this another?"));
    }

    [Fact]
    public async Task A_key_is_one_caller_s_and_one_path_s()
    {
        var (key, body) = (KeyedRequests.NewKey(), KeyedRequests.NewMarket());

        var alices = await CreateAsync(body, key);
        var bobs = await api.Live.Client.PostAsync("/api/markets", body, api.Bob, key);
        var onOne = await StakeAsync(alices, key);
        var onAnother = await StakeAsync(bobs, key);
        var spelledOtherwise = await api.Live.Client.PostAsync("/API/markets/", body, api.Alice, key);

        Assert.Equal([201, 201, 201, 201], [alices.Status, bobs.Status, onOne.Status, onAnother.Status]);
        Assert.NotEqual(alices.Data.Id(), bobs.Data.Id());
        Assert.Null(onAnother.Replayed);
        spelledOtherwise.ShouldReplay(alices);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("tab\there")]
    [InlineData("schlüssel")]
    [InlineData("256")]
    [InlineData("one", "another")]
    public async Task Rejects_an_invalid_key(params string[] keys)
    {
        var name = $"Will it be rejected? {Guid.NewGuid():N}";

        var response = await CreateAsync(
            KeyedRequests.NewMarket(name),
            [.. keys.Select(key => key == "256" ? new string('k', 256) : key)]
        );

        var problem = response.ShouldBeProblem(400, "validation-failed");
        Assert.Equal("Idempotency-Key", problem.GetProperty("details")[0].Text("field"));
        Assert.Equal(0, await CountMarketsAsync(name));
    }

    [Theory]
    [InlineData("k")]
    [InlineData("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"")]
    [InlineData("!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")]
    [InlineData("255")]
    public async Task Takes_any_printable_text_without_blanks(string key)
    {
        key = key == "255" ? new string('k', 255) : key;
        var (body, user) = (KeyedRequests.NewMarket(), User.New());

        var first = await api.Live.Client.PostAsync("/api/markets", body, user, key);
        var again = await api.Live.Client.PostAsync("/api/markets", body, user, key);

        Assert.Equal(201, first.Status);
        again.ShouldReplay(first);
    }

    [Fact]
    public async Task Identity_permission_and_validation_come_first_each_time()
    {
        var (key, body) = (KeyedRequests.NewKey(), KeyedRequests.NewMarket());
        await CreateAsync(body, key);

        var demoted = await api.Live.Client.PostAsync(
            "/api/markets",
            body,
            new User(api.Alice.Id, "guest", "Alice"),
            key
        );
        var invalid = await CreateAsync("""{"name":"x"}""", key);

        demoted.ShouldBeProblem(403, "insufficient-permissions");
        invalid.ShouldBeProblem(400, "validation-failed");
    }

    [Fact]
    public async Task A_problem_is_not_stored()
    {
        var market = await CreateAsync("""{"name":"Will it open?","endsAt":"2099-01-01T00:00:00Z","status":"draft"}""");
        var key = KeyedRequests.NewKey();

        var rejected = await StakeAsync(market, key);
        await api.Database.ExecuteAsync(
            "UPDATE markets SET status = 'active' WHERE id = @id",
            new { id = market.Data.Id() }
        );
        var taken = await StakeAsync(market, key);

        rejected.ShouldBeProblem(409, "market-takes-no-position");
        Assert.Equal(201, taken.Status);
        Assert.Null(taken.Replayed);
        (await StakeAsync(market, key)).ShouldReplay(taken);
    }

    [Fact]
    public async Task Returns_the_first_response_even_after_the_market_was_deleted()
    {
        var (key, body) = (KeyedRequests.NewKey(), KeyedRequests.NewMarket());
        var first = await CreateAsync(body, key);
        await api.Database.ExecuteAsync("DELETE FROM markets WHERE id = @id", new { id = first.Data.Id() });

        var again = await CreateAsync(body, key);

        again.ShouldReplay(first);
        Assert.Equal(0, await CountMarketsAsync(first.Data.Text("name")!));
    }

    [Fact]
    public async Task Says_to_wait_while_the_first_is_under_way()
    {
        var market = await CreateAsync(KeyedRequests.NewMarket());
        var key = KeyedRequests.NewKey();
        await using var holder = await api.Database.ConnectAsync();
        await using var hold = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var update = new NpgsqlCommand("UPDATE markets SET volume = volume WHERE id = $1", holder);
        update.Parameters.Add(new() { Value = market.Data.Id() });
        await update.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var first = StakeAsync(market, key);
        await UntilOneWaitsAsync();
        var meanwhile = await StakeAsync(market, key);
        await hold.CommitAsync(TestContext.Current.CancellationToken);

        meanwhile.ShouldBeProblem(409, "idempotency-key-outstanding");
        Assert.Equal("1", meanwhile.RetryAfter);
        Assert.Equal(201, (await first).Status);
        (await StakeAsync(market, key)).ShouldReplay(await first);
        Assert.Equal("12.50", await VolumeAsync(market));
    }

    [Fact]
    public async Task Stores_responses_for_a_day_and_then_deletes_them()
    {
        var (key, body) = (KeyedRequests.NewKey(), KeyedRequests.NewMarket());
        var first = await CreateAsync(body, key);
        var job = ActivatorUtilities.CreateInstance<PruneIdempotencyKeysJob>(api.Host.Services);

        api.Clock.Advance(TimeSpan.FromHours(23.9));
        await PruneAsync();
        (await CreateAsync(body, key)).ShouldReplay(first);
        api.Clock.Advance(TimeSpan.FromHours(0.2));
        var second = await CreateAsync(body, key);
        await PruneAsync();

        Assert.Null(second.Replayed);
        Assert.NotEqual(first.Data.Id(), second.Data.Id());
        (await CreateAsync(body, key)).ShouldReplay(second);

        api.Clock.Advance(TimeSpan.FromHours(24.1));
        await PruneAsync();
        Assert.Equal([0L], await api.Database.QueryAsync<long>("SELECT count(*) FROM idempotency_keys"));

        Task PruneAsync() => job.RunAsync(new JobRun(Guid.NewGuid(), null, 1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_the_server_undid_is_done_again_and_once()
    {
        var market = await CreateAsync(KeyedRequests.NewMarket());
        await api.Database.ExecuteAsync(
            """
            CREATE SEQUENCE stakes_tried;
            CREATE FUNCTION undo_twice() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('stakes_tried') <= 2 THEN
                    RAISE EXCEPTION 'undone' USING ERRCODE = '40001';
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER undo_twice AFTER INSERT ON positions
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION undo_twice();
            """
        );

        var key = KeyedRequests.NewKey();
        var first = await StakeAsync(market, key);
        await api.Database.ExecuteAsync("DROP TRIGGER undo_twice ON positions");

        Assert.Equal(201, first.Status);
        Assert.Null(first.Replayed);
        Assert.Equal([3L], await api.Database.QueryAsync<long>("SELECT last_value FROM stakes_tried"));
        (await StakeAsync(market, key)).ShouldReplay(first);
        Assert.Equal("12.50", await VolumeAsync(market));
    }

    private Task<KeyedResponse> CreateAsync(string body, params string[] keys) =>
        api.Live.Client.PostAsync("/api/markets", body, api.Alice, keys);

    private Task<KeyedResponse> StakeAsync(KeyedResponse market, string key) =>
        api.Live.Client.PostAsync($"/api/markets/{market.Data.Id()}/positions", Stake, api.Alice, key);

    private async Task<string> VolumeAsync(KeyedResponse market)
    {
        var response = await api.Live.Client.GetStringAsync($"/api/markets/{market.Data.Id()}");
        return System
            .Text.Json.JsonDocument.Parse(response)
            .RootElement.GetProperty("data")
            .GetProperty("volume")
            .GetRawText();
    }

    private async Task<long> CountMarketsAsync(string name) =>
        (await api.Database.QueryAsync<long>("SELECT count(*) FROM markets WHERE name = @name", new { name })).Single();

    private async Task UntilOneWaitsAsync()
    {
        const string waiting = """
            SELECT count(*)
            FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """;
        while ((await api.Database.QueryAsync<long>(waiting)).Single() == 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
