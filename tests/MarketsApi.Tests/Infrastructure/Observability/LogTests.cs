using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Infrastructure.Observability;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>The log of the running program, line by line.</summary>
public sealed partial class LogTests : IAsyncLifetime
{
    /// <summary>The server's, or where it asks for none any that can be looked for.</summary>
    private static readonly string Password =
        new NpgsqlConnectionStringBuilder(TestDatabase.Server).Password ?? "hunter2-of-the-database";

    private TestDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database!.DisposeAsync();

    [Fact]
    public async Task Each_request_is_one_line_of_JSON_and_nothing_secret_is_on_any()
    {
        var alice = User.New("user", "Alice");
        await using var program = ProgramProcess.Start(
            [],
            (
                "DATABASE_URL",
                new NpgsqlConnectionStringBuilder(_database!.ConnectionString) { Password = Password }.ConnectionString
            )
        );
        await program.UntilAsync("/health/ready");

        await SendAsync(program, "POST", "/api/markets", alice, "create-1");
        await SendAsync(program, "GET", "/api/markets?limit=1&secretParameter=hunter3", null, "list-1");
        await SendAsync(program, "GET", "/api/me", null, "bad-1", alice.Token[..^3] + "xyz");
        await SendAsync(program, "GET", "/api/nothing/hunter-path", null, "none-1");
        await program.TerminateAsync();
        Assert.Equal(0, await program.ExitAsync());

        var lines = program
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        AssertLine(lines, "create-1", "POST", "/api/markets", 201, alice.Id.ToString());
        AssertLine(lines, "list-1", "GET", "/api/markets", 400, null);
        AssertLine(lines, "bad-1", "GET", "/api/me", 401, null);
        AssertLine(lines, "none-1", "GET", "/api/nothing/hunter-path", 404, null);
        Assert.Equal("", program.Error);
        foreach (
            var secret in (string[])
                [
                    Password,
                    Tokens.Secret,
                    alice.Token.Split('.')[2],
                    alice.Token.Split('.')[1],
                    "hunter3",
                    "secretParameter",
                    "Bearer",
                    alice.Email,
                ]
        )
        {
            Assert.DoesNotContain(secret, program.Everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_failure_of_ours_is_logged_with_its_stack_under_the_request_id()
    {
        await using var proxy = new TcpProxy("127.0.0.1", new NpgsqlConnectionStringBuilder(TestDatabase.Server).Port);
        await using var program = ProgramProcess.Start(
            [],
            (
                "DATABASE_URL",
                new NpgsqlConnectionStringBuilder(_database!.ConnectionString)
                {
                    Host = "127.0.0.1",
                    Port = proxy.Port,
                    Password = Password,
                }.ConnectionString
            )
        );
        await program.UntilAsync("/health/ready");
        proxy.Close();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/markets");
        request.Headers.Add("X-Request-Id", "failing-1");
        using var response = await program.Client.SendAsync(request);
        await program.TerminateAsync();
        await program.ExitAsync();

        Assert.Equal(503, (int)response.StatusCode);
        var lines = program
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        AssertLine(lines, "failing-1", "GET", "/api/markets", 503, null);
        var failure = Assert.Single(lines, line => IsOf(line, "failing-1") && line.TryGetProperty("exception", out _));
        Assert.Contains("   at ", failure.Text("exception"), StringComparison.Ordinal);
        Assert.Equal("Error", failure.Text("level"));
        Assert.DoesNotContain(Password, program.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Kestrel uses the same HttpContext for the next request of a connection.</summary>
    [Fact]
    public async Task Work_that_outlives_its_request_is_logged_as_no_request_s()
    {
        using var log = new LogLines();
        var clock = new HookedClock();
        await using var server = new LiveServer(builder =>
        {
            builder.UseSetting("ConnectionStrings:Postgres", _database!.ConnectionString);
            builder.UseSetting("Auth:Secret", Tokens.Secret);
            builder.UseSetting("Jobs:Enabled", "false");
            log.TakeFrom(builder);
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock));
        });
        var logger = server.Services.GetRequiredService<ILogger<LogTests>>();
        var nextRequestRuns = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? lateWork = null;
        async Task WorkAsync()
        {
            await Task.Yield();
            LogBegin(logger);
            await nextRequestRuns.Task;
            LogEnd(logger);
        }

        clock.Hook = () => lateWork ??= WorkAsync();
        await CreateAsync(server, "first");
        clock.Hook = () =>
        {
            nextRequestRuns.TrySetResult();
            Assert.True(lateWork!.Wait(TimeSpan.FromSeconds(20)));
        };
        await CreateAsync(server, "second");

        await server.DisposeAsync();
        var lines = log.All;
        Assert.Equal("first", Assert.Single(lines, line => line.Text("message") == "Work begins").Text("requestId"));
        var late = Assert.Single(lines, line => line.Text("message") == "Work ends");
        Assert.All(
            (string[])["requestId", "userId", "path", "method", "client", "traceId"],
            name => Assert.False(late.TryGetProperty(name, out _), $"{name} is that of another request")
        );
        Assert.All(
            (string[])["first", "second"],
            id => Assert.Single(lines, line => IsOf(line, id) && line.TryGetProperty("elapsedMs", out _))
        );
    }

    [LoggerMessage(LogLevel.Warning, "Work begins")]
    private static partial void LogBegin(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Work ends")]
    private static partial void LogEnd(ILogger logger);

    private static async Task CreateAsync(LiveServer server, string requestId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/markets");
        request.Headers.Add("X-Request-Id", requestId);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", User.New("user").Token);
        request.Content = JsonContent.Create(ApiFixture.NewMarket());
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static bool IsOf(JsonElement line, string requestId) =>
        line.TryGetProperty("requestId", out var id) && id.GetString() == requestId;

    private static void AssertLine(
        List<JsonElement> lines,
        string requestId,
        string method,
        string path,
        int status,
        string? userId
    )
    {
        var line = Assert.Single(lines, line => IsOf(line, requestId) && line.TryGetProperty("elapsedMs", out _));
        Assert.True(
            DateTimeOffset.UtcNow - line.GetProperty("timestamp").GetDateTimeOffset() < TimeSpan.FromMinutes(5)
        );
        Assert.Equal(status >= 500 ? "Error" : "Information", line.Text("level"));
        Assert.NotEqual("", line.Text("message"));
        Assert.Matches("^[0-9a-f]{32}$", line.Text("traceId"));
        Assert.Equal(method, line.Text("method"));
        Assert.Equal(path, line.Text("path"));
        Assert.Equal(status, line.GetProperty("status").GetInt32());
        Assert.True(line.GetProperty("elapsedMs").GetDouble() is >= 0 and < 60_000);
        Assert.Equal(userId, line.TryGetProperty("userId", out var id) ? id.GetString() : null);
        Assert.All(
            (string[])["EventId", "RequestId", "RequestPath", "ConnectionId"],
            name => Assert.False(line.TryGetProperty(name, out _), $"{name} repeats what a name of ours says")
        );
    }

    private static async Task SendAsync(
        ProgramProcess program,
        string method,
        string path,
        User? user,
        string requestId,
        string? token = null
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Request-Id", requestId);
        if ((user?.Token ?? token) is { } bearer)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        request.Content = method == "POST" ? JsonContent.Create(ApiFixture.NewMarket()) : null;
        using var response = await program.Client.SendAsync(request);
    }

    /// <summary>Lets a test in whenever a request asks for the time.</summary>
    private sealed class HookedClock : TimeProvider
    {
        public Action? Hook { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            // Background work asks for the time, too.
            if (RequestLogContext.Current is not null)
            {
                Hook?.Invoke();
            }

            return base.GetUtcNow();
        }
    }
}
