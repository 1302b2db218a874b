using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>The log of the running program, line by line.</summary>
public sealed class LogTests : IAsyncLifetime
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
        using var answer = await program.Client.SendAsync(request);
        await program.TerminateAsync();
        await program.ExitAsync();

        Assert.Equal(503, (int)answer.StatusCode);
        var lines = program
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        AssertLine(lines, "failing-1", "GET", "/api/markets", 503, null);
        var failure = Assert.Single(lines, line => IsOf(line, "failing-1") && line.TryGetProperty("exception", out _));
        Assert.Contains("   at ", failure.Text("exception"), StringComparison.Ordinal);
        Assert.Equal("Error", failure.Text("level"));
        Assert.DoesNotContain(Password, program.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
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
        using var answer = await program.Client.SendAsync(request);
    }
}
