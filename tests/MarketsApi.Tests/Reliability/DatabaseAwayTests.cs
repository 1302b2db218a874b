using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>The running program while its database isn't there, or not well.</summary>
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private const string Alice = "0192f0c4-0000-7000-8000-00000000a11c";

    private TestDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database!.DisposeAsync();

    [Fact]
    public async Task Unavailable_at_start_it_runs_and_serves_once_the_database_comes()
    {
        await using var proxy = NewProxy(open: false);
        await using var program = ProgramProcess.Start([], Settings(proxy));
        await program.UntilAsync("/health/live");

        await ShouldBeUnavailableAsync(program, "/health/ready", "Service unavailable: postgres");
        await ShouldBeUnavailableAsync(program, "/api/markets");
        await ShouldBeUnavailableAsync(program, $"/api/markets/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(program, "/nothing"));

        proxy.Open();
        await program.UntilAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program, "/api/markets"));
    }

    [Fact]
    public async Task Gone_for_a_while_it_returns_503_at_once_and_recovers_by_itself()
    {
        await using var proxy = NewProxy();
        await using var program = await StartAsync(proxy);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program, "/api/markets"));

        proxy.Close();
        var started = Stopwatch.GetTimestamp();
        await ShouldBeUnavailableAsync(program, "/api/markets");
        Assert.True(
            Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(3),
            "a refused connection is known at once"
        );
        await ShouldBeUnavailableAsync(program, "/health/ready", "Service unavailable: postgres");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program, "/health/live"));
        using (var write = await CreateAsync(program, "Will it be lost?"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, write.StatusCode);
        }

        proxy.Open();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program, "/api/markets"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program, "/health/ready"));
        Assert.Equal(0, await CountAsync("Will it be lost?"));
    }

    [Fact]
    public async Task Cut_connections_are_not_noticed_by_readers()
    {
        await using var proxy = NewProxy();
        await using var program = await StartAsync(proxy);

        for (var round = 0; round < 5; round++)
        {
            var before = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StatusAsync(program, "/api/markets")));
            proxy.Cut();
            var after = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StatusAsync(program, "/api/markets")));

            Assert.All([.. before, .. after], status => Assert.Equal(HttpStatusCode.OK, status));
        }
    }

    [Fact]
    public async Task A_write_whose_connection_breaks_after_sending_is_not_sent_again()
    {
        const string name = "Is it written once?";
        await using var proxy = NewProxy();
        await using var program = await StartAsync(proxy);
        var sent = 0;
        proxy.CutAfterSending = bytes =>
            bytes.Span.IndexOf("Is it written once?"u8) >= 0 && Interlocked.Increment(ref sent) > 0;

        using var response = await CreateAsync(program, name);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1, sent);
        Assert.Equal(1, await CountAsync(name));
    }

    [Fact]
    public async Task Frozen_it_is_503_once_the_command_and_its_cancelling_time_out_and_thaws()
    {
        await using var proxy = NewProxy();
        await using var program = await StartAsync(proxy, ("Database__CommandTimeoutSeconds", "1"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program, "/api/markets"));

        await proxy.FreezeAsync();
        var started = Stopwatch.GetTimestamp();
        await ShouldBeUnavailableAsync(program, "/api/markets");
        var elapsed = Stopwatch.GetElapsedTime(started);
        proxy.Thaw();

        // One second for the statement, five for the connection that asks the server to cancel it.
        Assert.InRange(elapsed.TotalSeconds, 0.9, 10);
        await program.UntilAsync("/api/markets");
        await program.UntilAsync("/health/ready");
    }

    private static TcpProxy NewProxy(bool open = true)
    {
        var server = new NpgsqlConnectionStringBuilder(TestDatabase.Server);
        return new TcpProxy(server.Host!, server.Port, open);
    }

    private static async Task<HttpStatusCode> StatusAsync(IInstance program, string path)
    {
        using var response = await program.Client.GetAsync(path);
        return response.StatusCode;
    }

    private static async Task ShouldBeUnavailableAsync(
        IInstance program,
        string path,
        string error = "Service unavailable"
    )
    {
        using var response = await program.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero, "Retry-After is missing");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.ShouldBeWellFormed(503);
        Assert.Equal(error, problem.Text("error"));
    }

    private static async Task<HttpResponseMessage> CreateAsync(HostedProgram program, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/markets");
        request.Headers.Authorization = new("Bearer", Tokens.For(new User(Guid.Parse(Alice), "user", "Alice")));
        request.Content = JsonContent.Create(ApiFixture.NewMarket(name));
        return await program.Client.SendAsync(request);
    }

    private async Task<long> CountAsync(string name) =>
        (await _database!.QueryAsync<long>("SELECT count(*) FROM markets WHERE name = @name", new { name })).Single();

    private Task<HostedProgram> StartAsync(TcpProxy proxy, params (string, string?)[] environment) =>
        HostedProgram.StartAsync([.. Settings(proxy), .. environment]);

    private (string, string?)[] Settings(TcpProxy proxy)
    {
        var address = new NpgsqlConnectionStringBuilder(_database!.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = proxy.Port,
            SslMode = SslMode.Disable,
        };
        // A list that is still valid is served without the database.
        return [("ConnectionStrings__Postgres", address.ConnectionString), ("Caching__ListSeconds", "0")];
    }
}
