using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Errors;

/// <summary>What a caller sees of a bug, and what the log has of it.</summary>
public sealed class BugTests : IAsyncLifetime
{
    private TestDatabase? _database;
    private RedisServer? _redis;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _redis = await RedisServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _redis!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    /// <summary>Limits that the instances count together make everybody's request wait for Redis before it goes on.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unhandled_exception_is_a_500_that_tells_nothing_and_a_log_line_that_tells_all(bool hasToken)
    {
        var alice = User.New("user", "Alice");
        using var log = new LogLines();
        await using var server = new LiveServer(builder =>
        {
            builder.UseSetting("ConnectionStrings:Postgres", _database!.ConnectionString);
            builder.UseSetting("ConnectionStrings:Redis", $"127.0.0.1:{_redis!.Port}");
            builder.UseSetting("Auth:Secret", Tokens.Secret);
            builder.UseSetting("Jobs:Enabled", "false");
            log.TakeFrom(builder);
        });
        await _database!.ExecuteAsync("ALTER TABLE markets RENAME TO markets_internal");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/markets");
        request.Headers.Add("X-Request-Id", "broken-1");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        if (hasToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", alice.Token);
        }

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync();
        var problem = JsonDocument.Parse(text).RootElement;
        problem.ShouldBeWellFormed(500);
        Assert.Equal("Internal server error", problem.Text("error"));
        Assert.Equal(response.Headers.GetValues("X-Request-Id"), [problem.Text("requestId")!]);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain("relation", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", text, StringComparison.Ordinal);
        await server.DisposeAsync();
        var lines = log.All;
        var bug = Assert.Single(lines, line => line.TryGetProperty("exception", out _));
        Assert.Contains("42P01: relation \"markets\" does not exist", bug.Text("exception"), StringComparison.Ordinal);
        Assert.Contains("   at ", bug.Text("exception"), StringComparison.Ordinal);
        var end = Assert.Single(
            lines,
            line => line.Text("message") == "Request completed" && line.Text("requestId") == "broken-1"
        );
        Assert.Equal(500, end.GetProperty("status").GetInt32());
        Assert.All(
            [bug, end],
            line =>
            {
                Assert.Equal("Error", line.Text("level"));
                Assert.Equal("broken-1", line.Text("requestId"));
                Assert.Equal("0af7651916cd43dd8448eb211c80319c", line.Text("traceId"));
                Assert.Equal("GET", line.Text("method"));
                Assert.Equal("/api/markets", line.Text("path"));
                Assert.Equal("127.0.0.1", line.Text("client"));
                Assert.Equal(
                    hasToken ? alice.Id.ToString() : null,
                    line.TryGetProperty("userId", out var userId) ? userId.GetString() : null
                );
            }
        );
    }
}
