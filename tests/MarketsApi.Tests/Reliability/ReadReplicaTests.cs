using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Lists and searches on a real streaming standby: up to date, seconds behind, and gone.</summary>
public sealed class ReadReplicaTests : IAsyncLifetime
{
    private const string ListSql = ") ordered";
    private const string SearchSql = "search_terms";
    private const string NearestSql = "array_agg(vector)";
    private const string ItemSql = "m.description, m.revision";

    private readonly List<LiveServer> _programs = [];
    private ReplicatedPostgres? _servers;

    private ReplicatedPostgres Servers => _servers!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _servers = await ReplicatedPostgres.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        if (_servers is not null)
        {
            await _servers.DisposeAsync();
        }
    }

    [Fact]
    public async Task Lists_come_from_the_standby_items_never_and_neither_is_old_while_it_lags_by_seconds()
    {
        await using var redis = await RedisServer.StartAsync();
        var writer = Start(Servers.Standby, ("ConnectionStrings:Redis", $"127.0.0.1:{redis.Port}"));
        var other = Start(Servers.Standby, ("ConnectionStrings:Redis", $"127.0.0.1:{redis.Port}"));
        var keepsNothing = Start(Servers.Standby, ("Caching:Enabled", "false"));
        LiveServer[] all = [writer, other, keepsNothing];
        var id = await CreateAsync(writer, "Will the first name stand?");
        await Task.WhenAll(all.Select(program => UntilReaderIsAsync("healthy", program)));

        var items = await ReplicatedPostgres.CountAsync(Servers.Primary, ItemSql);
        var before = await AskedOfPrimaryAsync();
        foreach (var program in all)
        {
            await ShouldAllSayAsync(program, id, version: 1, word: "first");
        }

        Assert.Equal(before, await AskedOfPrimaryAsync());
        Assert.True(
            await ReplicatedPostgres.CountAsync(Servers.Standby, ListSql) >= 3,
            "The standby got no request for a list."
        );
        Assert.True(
            await ReplicatedPostgres.CountAsync(Servers.Standby, SearchSql) >= 3,
            "The standby was not searched."
        );
        Assert.True(
            await ReplicatedPostgres.CountAsync(Servers.Standby, NearestSql) >= 3,
            "The standby was not asked for neighbours."
        );
        Assert.True(
            await ReplicatedPostgres.CountAsync(Servers.Primary, ItemSql) > items,
            "The primary got no request for an item."
        );

        // Longer than the changes take on a slow machine: the standby shall not have seen the first of them.
        await Servers.LagAsync(TimeSpan.FromSeconds(30));
        foreach (var (version, word) in ((long, string)[])[(2, "second"), (3, "third")])
        {
            await ChangeAsync(writer, id, $"Will the {word} name stand?");
            foreach (var program in all)
            {
                await ShouldAllSayAsync(program, id, version, word);
            }
        }

        Assert.Equal([1L], await ReplicatedPostgres.QueryAsync<long>(Servers.Standby, "SELECT version FROM markets"));
        Assert.Equal(0, await ReplicatedPostgres.CountAsync(Servers.Standby, ItemSql));
        await UntilReaderIsAsync("degraded", writer);

        await Servers.LagAsync(TimeSpan.Zero);
        await UntilReaderIsAsync("healthy", writer);
        var lists = await ReplicatedPostgres.CountAsync(Servers.Standby, ListSql);
        Assert.Equal(3, (await ListAsync(writer, "?limit=3")).GetProperty("version").GetInt64());
        Assert.True(
            await ReplicatedPostgres.CountAsync(Servers.Standby, ListSql) > lists,
            "The standby got no request for a list again."
        );
    }

    [Fact]
    public async Task The_primary_serves_while_the_standby_is_unavailable()
    {
        var program = Start(Servers.Standby);
        var withPrimary = Start(Servers.Both);
        var id = await CreateAsync(program, "Will the standby stand?");
        await UntilReaderIsAsync("healthy", program);
        await UntilReaderIsAsync("healthy", withPrimary);
        await ListAsync(program, "?limit=1");

        await Servers.KillStandbyAsync();
        foreach (var number in Enumerable.Range(2, 20))
        {
            Assert.Equal(id, (await ListAsync(program, $"?limit={number}")).Id());
            Assert.Equal(id, (await ListAsync(withPrimary, $"?limit={number}")).Id());
        }

        await UntilReaderIsAsync("degraded", program);
        // Npgsql goes on to the second host of the string.
        await UntilReaderIsAsync("healthy", withPrimary);

        await Servers.StartStandbyAsync();
        await UntilReaderIsAsync("healthy", program);
        Assert.Equal(id, (await ListAsync(program, "?limit=30")).Id());
        Assert.True(
            await ReplicatedPostgres.CountAsync(Servers.Standby, ListSql) > 0,
            "The standby got no request for a list again."
        );
    }

    [Fact]
    public async Task The_primary_serves_while_the_standby_is_silent()
    {
        var standby = new NpgsqlConnectionStringBuilder(Servers.Standby);
        await using var way = new TcpProxy("127.0.0.1", standby.Port);
        standby.Port = way.Port;
        var program = Start(standby.ConnectionString);
        var id = await CreateAsync(program, "Will the standby speak?");
        await UntilReaderIsAsync("healthy", program);
        // Each of the requests to come finds a connection that was opened while all was well.
        await Task.WhenAll(Enumerable.Range(1, 8).Select(number => ListAsync(program, $"?limit={number}")));

        await way.FreezeAsync();
        var responses = await Task.WhenAll(
            Enumerable.Range(9, 8).Select(number => ListAsync(program, $"?limit={number}"))
        );
        await UntilReaderIsAsync("degraded", program);
        way.Thaw();

        Assert.All(responses, response => Assert.Equal(id, response.Id()));
        await UntilReaderIsAsync("healthy", program);
    }

    private LiveServer Start(string reader, params (string Name, string Value)[] settings)
    {
        var program = new LiveServer(builder =>
        {
            builder.UseSetting("ConnectionStrings:Postgres", Servers.Primary + ";Maximum Pool Size=10");
            builder.UseSetting("ConnectionStrings:PostgresReader", reader + ";Maximum Pool Size=10");
            builder.UseSetting("ConnectionStrings:Redis", "");
            builder.UseSetting("Auth:Secret", Tokens.Secret);
            builder.UseSetting("Jobs:Enabled", "false");
            builder.UseSetting("RateLimiting:Enabled", "false");
            // Longer than by default, for a busy machine.
            builder.UseSetting("Database:ReaderWaitMilliseconds", "300");
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }

            LogLines.Drop(builder);
        });
        _programs.Add(program);
        return program;
    }

    /// <summary>The item, a list, a search and a list of neighbours; and the same a second time, when they may be cached.</summary>
    private static async Task ShouldAllSayAsync(LiveServer program, Guid id, long version, string word)
    {
        for (var times = 0; times < 2; times++)
        {
            Assert.Equal(version, (await Fleet.ReadAsync(program.Client, id)).Version);
            Assert.Equal(version, (await ListAsync(program, $"?ids={id}")).GetProperty("version").GetInt64());
            Assert.Equal(version, (await ListAsync(program, $"/search?q={word}")).GetProperty("version").GetInt64());
            using var similar = await program.Client.GetAsync($"/api/markets/{id}/similar");
            Assert.Equal(HttpStatusCode.OK, similar.StatusCode);
        }
    }

    private static async Task<JsonElement> ListAsync(LiveServer program, string rest)
    {
        using var response = await program.Client.GetAsync($"/api/markets{rest}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var data = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
        return data.EnumerateArray().First();
    }

    private async Task<(long Lists, long Searches, long Neighbours)> AskedOfPrimaryAsync() =>
        (
            await ReplicatedPostgres.CountAsync(Servers.Primary, ListSql),
            await ReplicatedPostgres.CountAsync(Servers.Primary, SearchSql),
            await ReplicatedPostgres.CountAsync(Servers.Primary, NearestSql)
        );

    private static async Task<Guid> CreateAsync(LiveServer program, string name)
    {
        using var created = await SendAsync(program, HttpMethod.Post, "", ApiFixture.NewMarket(name));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").Id();
    }

    private static async Task ChangeAsync(LiveServer program, Guid id, string name)
    {
        using var changed = await SendAsync(program, HttpMethod.Patch, $"/{id}", new { name });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        LiveServer program,
        HttpMethod method,
        string rest,
        object body
    )
    {
        using var request = new HttpRequestMessage(method, $"/api/markets{rest}")
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Fleet.Moderator.Token);
        return await program.Client.SendAsync(request);
    }

    private static async Task UntilReaderIsAsync(string state, LiveServer program)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            using var response = await program.Client.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var health = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
            if (health.GetProperty("checks").GetProperty("postgresReader").GetString() == state)
            {
                return;
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"never {state}: {health}");
            await Task.Delay(20);
        }
    }
}
