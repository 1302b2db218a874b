using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Infrastructure.Idempotency;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>
/// Writes that arrive together: two are stuck behind locks of another session, so that what comes next waits and then goes in one statement.
/// </summary>
public sealed class BatchedWriteTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Positions_that_arrive_together_are_one_transaction_and_each_gets_its_own_response()
    {
        var (market, closed) = (await api.CreateMarketAsync(), await api.CreateMarketAsync());
        await api.Database.ExecuteAsync($"UPDATE markets SET status = 'closed' WHERE id = '{closed.Id()}'");
        await using var stuck = await StickAsync();
        var users = Enumerable.Range(0, 5).Select(i => User.New("user", $"User {i}")).ToList();

        var opened = users
            .Concat(users)
            .Select((user, i) => OpenAsync(market.Id(), i % 3 == 0 ? "no" : "yes", i + 1, user))
            .ToList();
        var (conflicting, missing) = (
            OpenAsync(closed.Id(), "yes", 1, users[0]),
            OpenAsync(Guid.NewGuid(), "yes", 1, users[1])
        );

        var positions = (await Task.WhenAll(opened)).Select(response => response.Data(201)).ToList();
        Assert.Equal(
            users.Concat(users).Select(user => user.Id),
            positions.Select(position => position.GetProperty("user").Id())
        );
        (await conflicting).ShouldBeProblem(
            409,
            "The market is closed and takes no positions; only an active one does"
        );
        (await missing).ShouldBeProblem(404, "Market not found");
        var after = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{market.Id()}");
            s.Header("ETag").SingleValueShouldEqual("\"1.10\"");
        });
        Assert.Equal("""{"yes":33.00,"no":22.00}""", after.Data().GetProperty("pool").GetRawText());
        Assert.Equal(
            positions.Select(position => position.GetProperty("probability").GetRawText()),
            (await StoredAsync(market.Id())).Select(stored => stored.Probability)
        );
        Assert.Single((await StoredAsync(market.Id())).DistinctBy(stored => stored.Transaction));
        Assert.Empty(await api.Database.QueryAsync<string>(PoolInvariants.SelectWrong));
        await stuck.ReleaseAsync();
    }

    [Fact]
    public async Task A_market_that_is_locked_keeps_nobody_from_staking_on_another()
    {
        var (market, locked) = (await api.CreateMarketAsync(), await api.CreateMarketAsync());
        await using var stuck = await StickAsync();
        await stuck.LockAsync(locked.Id());

        var waits = OpenAsync(locked.Id(), "yes", 2, api.Bob);
        var opened = await Task.WhenAll(Enumerable.Range(1, 4).Select(i => OpenAsync(market.Id(), "yes", i, api.Bob)));

        Assert.All(opened, response => response.Data(201));
        Assert.False(waits.IsCompleted);
        await stuck.ReleaseAsync();
        (await waits).Data(201);
    }

    [Fact]
    public async Task Markets_that_arrive_together_are_one_transaction_with_one_row_for_a_new_creator()
    {
        var (alice, bob) = (User.New("user", "Alice"), User.New("user", "Bob"));
        await using var stuck = await StickAsync(user => api.CreateMarketAsync(user));
        var withPosition = new
        {
            name = "Staked on at once",
            endsAt = DateTime.UtcNow.AddDays(1),
            initialPosition = new { outcome = "no", stake = 2.5 },
        };

        var created = await Task.WhenAll(
            new[] { alice, bob, alice, alice, bob }.Select(creator => api.CreateMarketAsync(creator))
        );
        var staked = await api.CreateMarketAsync(alice, withPosition);

        var ids = string.Join("', '", created.Select(market => market.Id()));
        Assert.Single(
            await api.Database.QueryAsync<string>($"SELECT DISTINCT xmin::text FROM markets WHERE id IN ('{ids}')")
        );
        Assert.All(
            created.Append(staked),
            market =>
                Assert.Single(
                    api.Database.QueryAsync<Guid>($"SELECT id FROM jobs WHERE market_id = '{market.Id()}'").Result
                )
        );
        Assert.Equal("2.50", staked.GetProperty("volume").GetRawText());
        await stuck.ReleaseAsync();
    }

    [Fact]
    public async Task Requests_with_keys_that_arrive_together_are_one_transaction_and_each_is_done_once()
    {
        await using var stuck = await StickAsync(user => CreateOnceAsync(user));
        var requests = Enumerable
            .Range(0, 5)
            .Select(i =>
                (User: i % 2 == 0 ? api.Alice : api.Bob, Body: KeyedRequests.NewMarket(), Key: KeyedRequests.NewKey())
            )
            .ToList();

        var first = await Task.WhenAll(
            requests.Select(request => CreateOnceAsync(request.User, request.Body, request.Key))
        );
        var again = await Task.WhenAll(
            requests.Concat(requests).Select(request => CreateOnceAsync(request.User, request.Body, request.Key))
        );

        Assert.All(first, response => Assert.Equal((201, null), (response.Status, response.Replayed)));
        Assert.Equal(5, first.DistinctBy(response => response.Body).Count());
        Assert.Equal(first.Concat(first).Select(response => response.Body), again.Select(response => response.Body));
        Assert.All(again, response => Assert.Equal((201, "true"), (response.Status, response.Replayed)));
        var ids = string.Join("', '", first.Select(response => response.Location!.Split('/')[^1]));
        Assert.Single(
            await api.Database.QueryAsync<string>($"SELECT DISTINCT xmin::text FROM markets WHERE id IN ('{ids}')")
        );
        await stuck.ReleaseAsync();
    }

    [Fact]
    public async Task Requests_with_the_same_new_key_that_arrive_together_are_done_once()
    {
        await using var stuck = await StickAsync(user => CreateOnceAsync(user));
        var (body, key) = (KeyedRequests.NewMarket(), KeyedRequests.NewKey());

        var responses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CreateOnceAsync(api.Alice, body, key)));

        // While one is at it, others may hear that it is.
        Assert.All(responses, response => Assert.True(response.Status is 201 or 409, response.Body));
        var first = Assert.Single(responses, response => response is { Status: 201, Replayed: null });
        Assert.Single(responses.Where(response => response.Status == 201).DistinctBy(response => response.Body));
        Assert.Equal(first.Body, (await CreateOnceAsync(api.Alice, body, key)).Body);
        await stuck.ReleaseAsync();
    }

    private Task<KeyedResponse> CreateOnceAsync(User user, string? body = null, string? key = null) =>
        api.Live.Client.PostAsync(
            "/api/markets",
            body ?? KeyedRequests.NewMarket(),
            user,
            key ?? KeyedRequests.NewKey()
        );

    /// <summary>Lets two markets' creator wait for another session that writes the same user.</summary>
    private async Task<Stuck> StickAsync(Func<User, Task> create)
    {
        var user = User.New();
        var stuck = await Stuck.LockAsync(
            api.Database,
            $"INSERT INTO users (id, display_name, created_at, updated_at) VALUES ('{user.Id}', 'Other', now(), now())"
        );
        await stuck.UntilWaitingAsync(2, [create(user), create(user)]);
        return stuck;
    }

    /// <summary>Lets two positions wait for another session that has locked their markets.</summary>
    private async Task<Stuck> StickAsync()
    {
        var ids = new[] { (await api.CreateMarketAsync()).Id(), (await api.CreateMarketAsync()).Id() };
        var stuck = await Stuck.LockAsync(api.Database, "SELECT 1");
        await stuck.LockAsync(ids);
        await stuck.UntilWaitingAsync(2, [.. ids.Select(id => OpenAsync(id, "yes", 1, api.Alice))]);
        return stuck;
    }

    private Task<RawResponse> OpenAsync(Guid marketId, string outcome, int stake, User user) =>
        api.SendAsync(
            "POST",
            $"/api/markets/{marketId}/positions",
            $$"""{"outcome":"{{outcome}}","stake":{{stake}}}""",
            user.Token
        );

    private async Task<IReadOnlyList<(string Probability, string Transaction)>> StoredAsync(Guid marketId) =>
        [
            .. (
                await api.Database.QueryAsync<string>(
                    $"SELECT probability || ' ' || xmin FROM positions WHERE market_id = '{marketId}' ORDER BY stake"
                )
            ).Select(row => (row.Split(' ')[0], row.Split(' ')[1])),
        ];

    /// <summary>Another session with locks, and the requests that wait for them.</summary>
    private sealed class Stuck : IAsyncDisposable
    {
        private readonly TestDatabase _database;
        private readonly NpgsqlConnection _session;
        private Task[] _requests = [];

        private Stuck(TestDatabase database, NpgsqlConnection session) => (_database, _session) = (database, session);

        public static async Task<Stuck> LockAsync(TestDatabase database, string sql)
        {
            var stuck = new Stuck(database, await database.ConnectAsync());
            await stuck.ExecuteAsync("BEGIN; " + sql);
            return stuck;
        }

        public Task LockAsync(params Guid[] marketIds) =>
            ExecuteAsync($"SELECT FROM markets WHERE id IN ('{string.Join("', '", marketIds)}') FOR UPDATE");

        public async Task UntilWaitingAsync(int count, Task[] requests)
        {
            _requests = requests;
            await HeldTable.UntilWaitingAsync(_database, count);
        }

        public async Task ReleaseAsync()
        {
            await ExecuteAsync("ROLLBACK");
            await Task.WhenAll(_requests);
        }

        public ValueTask DisposeAsync() => _session.DisposeAsync();

        private async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, _session);
            await command.ExecuteNonQueryAsync();
        }
    }
}
