using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Infrastructure.Observability;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>The log's events about rejected requests and uses of a role's power, read from the running program.</summary>
public sealed class AuditLogTests : IAsyncLifetime
{
    private static readonly User Alice = User.New("user", "Alice");
    private static readonly User Bob = User.New("user", "Bob");
    private static readonly User Mo = User.New("moderator", "Mo");
    private static readonly User Ada = User.New("admin", "Ada");

    private TestDatabase? _database;
    private ProgramProcess? _program;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _program = ProgramProcess.Start([], ("DATABASE_URL", _database.ConnectionString), ("Jobs__Enabled", "false"));
        await _program.UntilAsync("/health/ready");
    }

    public async ValueTask DisposeAsync()
    {
        await _program!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Fact]
    public async Task Rejected_requests_and_uses_of_power_are_events_without_secrets()
    {
        var id = await CreateAsync(Alice);
        var expired = Tokens.For(Alice, lifetime: TimeSpan.FromMinutes(-5));
        var forged = Tokens.For(Ada, "another-secret-that-is-32-bytes-long");
        var huge = RawToken.Make(RawToken.Claims(with: ("padding", new string('x', 9_000))));
        var nameless = RawToken.Make(RawToken.Claims(with: ("userId", "alice")));
        var job = Guid.NewGuid();

        await SendAsync("none", "GET", "/api/me", null);
        await SendAsync("role", "GET", "/api/jobs", Bob.Token);
        await SendAsync("owner", "PATCH", $"/api/markets/{id}", Bob.Token, new { name = "Bob was here" });
        await SendAsync("expired", "GET", "/api/markets", expired);
        await SendAsync("forged", "POST", "/api/markets", forged, ApiFixture.NewMarket());
        await SendAsync("long", "GET", "/api/me", huge);
        await SendAsync("nameless", "GET", "/api/me", nameless);
        await SendAsync("garbage", "GET", "/api/me", "a.b.c");
        await SendAsync("own", "PATCH", $"/api/markets/{id}", Alice.Token, new { name = "By her own hand" });
        await SendAsync("foreign", "PATCH", $"/api/markets/{id}", Mo.Token, new { name = "By a moderator" });
        await SendAsync("unchanged", "PATCH", $"/api/markets/{id}", Mo.Token, new { name = "By a moderator" });
        await SendAsync("index", "POST", $"/api/markets/{id}/index", Ada.Token);
        await SendAsync("retry", "POST", $"/api/jobs/{job}/retry", Ada.Token);
        await SendAsync("delete", "DELETE", $"/api/markets/{id}", Mo.Token);
        var events = await StopAndReadAsync();

        ShouldBeRejection(events, "none", "access.denied", "no_token", 401, null);
        ShouldBeRejection(events, "role", "access.denied", "not_permitted", 403, Bob);
        ShouldBeRejection(events, "owner", "access.denied", "not_permitted", 403, Bob);
        ShouldBeRejection(events, "expired", "token.rejected", "expired", 401, null);
        ShouldBeRejection(events, "forged", "token.rejected", "signature", 401, null);
        ShouldBeRejection(events, "long", "token.rejected", "too_long", 401, null);
        ShouldBeRejection(events, "nameless", "token.rejected", "no_user", 401, null);
        ShouldBeRejection(events, "garbage", "token.rejected", "malformed", 401, null);
        ShouldBeAction(events, "foreign", "market.changed", "done", id, Mo);
        ShouldBeAction(events, "index", "market.indexed", "done", id, Ada);
        ShouldBeAction(events, "retry", "job.retried", "rejected", job, Ada);
        ShouldBeAction(events, "delete", "market.deleted", "done", id, Mo);
        Assert.Equal(12, events.Count);
        foreach (var secret in (string[])[expired, forged, nameless, Alice.Token, Mo.Token, Ada.Token])
        {
            Assert.DoesNotContain(secret.Split('.')[1], _program!.Everything, StringComparison.Ordinal);
            Assert.DoesNotContain(secret.Split('.')[2], _program!.Everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Settling_a_market_with_own_positions_is_an_event_with_the_own_stakes()
    {
        var (held, others) = (await CreateAsync(Alice), await CreateAsync(Alice));
        foreach (var id in (Guid[])[held, others])
        {
            var owner = id == held ? Alice : Bob;
            await SendAsync("yes", "POST", $"/api/markets/{id}/positions", owner.Token, Stake("yes", 12.5m));
            await SendAsync("no", "POST", $"/api/markets/{id}/positions", owner.Token, Stake("no", 1));
            await SendAsync("closing", "PATCH", $"/api/markets/{id}", Alice.Token, new { status = "closed" });
        }

        await SendAsync("rejected", "PATCH", $"/api/markets/{held}", Alice.Token, new { status = "resolved" });
        await SendAsync("held", "PATCH", $"/api/markets/{held}", Alice.Token, Resolved);
        await SendAsync("again", "PATCH", $"/api/markets/{held}", Alice.Token, Resolved);
        await SendAsync("others", "PATCH", $"/api/markets/{others}", Alice.Token, Resolved);
        await SendAsync("corrected", "POST", $"/api/markets/{held}/corrections", Mo.Token, Correction);
        var events = await StopAndReadAsync();

        ShouldBeAction(events, "held", "market.settled", "done", held, Alice);
        ShouldBeAction(events, "corrected", "market.corrected", "done", held, Mo);
        Assert.Equal(2, events.Count);
        var line = events.Single(line => line.Text("event") == "market.settled");
        Assert.Equal(("12.50", "1.00"), (line.Text("ownYes"), line.Text("ownNo")));

        static object Stake(string outcome, decimal stake) => new { outcome, stake };
    }

    private static object Resolved => new { status = "resolved", outcome = "yes" };

    private static object Correction => new { outcome = "no", reason = "It was misread." };

    [Fact]
    public async Task A_line_break_in_a_path_makes_no_line_of_its_own()
    {
        foreach (var breaking in (string[])["%0A", "%0D%0A", "%C2%85", "%E2%80%A8", "%E2%80%A9", "%1B[31m"])
        {
            var path = $"/api/jobs/{breaking}{{\"event\":\"market.deleted\"}}";
            await SendAsync("forging", "GET", path, Bob.Token);
        }

        var events = await StopAndReadAsync();

        Assert.Equal(6, events.Count);
        Assert.All(events, line => Assert.Equal("access.denied", line.Text("event")));
        Assert.DoesNotMatch("[\r\u001b\u0085\u2028\u2029]", _program!.Output);
    }

    [Fact]
    public async Task A_flood_of_bad_tokens_is_counted_rather_than_written_line_by_line()
    {
        const int flood = 200;
        using var log = new LogLines();
        var clock = new StoppedClock();
        await using var server = new LiveServer(builder =>
        {
            builder.UseSetting("ConnectionStrings:Postgres", _database!.ConnectionString);
            builder.UseSetting("Auth:Secret", Tokens.Secret);
            builder.UseSetting("Jobs:Enabled", "false");
            builder.UseSetting("RateLimiting:Enabled", "false");
            log.TakeFrom(builder);
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock));
        });
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "bad");

        for (var sent = 0; sent < flood; sent++)
        {
            using var response = await server.Client.GetAsync("/api/me");
        }

        // A line comes after its response, but before the connection's next request.
        using var between = await server.Client.GetAsync("/health/live");
        clock.Now += clock.TimestampFrequency;
        using var last = await server.Client.GetAsync("/api/me");
        await server.DisposeAsync();
        var leftOut = log
            .All.Where(line => line.TryGetProperty("event", out _))
            .Select(line => line.GetProperty("leftOut").GetInt32())
            .ToList();

        Assert.Equal(AuditLog.MaxDeniedPerSecond + 1, leftOut.Count);
        Assert.All(leftOut[..^1], count => Assert.Equal(0, count));
        Assert.Equal(flood - AuditLog.MaxDeniedPerSecond, leftOut[^1]);
    }

    private static void ShouldBeRejection(
        List<JsonElement> events,
        string requestId,
        string name,
        string reason,
        int status,
        User? user
    )
    {
        var line = Assert.Single(events, line => line.Text("requestId") == requestId);
        Assert.Equal(name, line.Text("event"));
        Assert.Equal("denied", line.Text("outcome"));
        Assert.Equal(reason, line.Text("reason"));
        Assert.Equal(status, line.GetProperty("status").GetInt32());
        Assert.Equal("Warning", line.Text("level"));
        Assert.Equal("127.0.0.1", line.Text("client")?.Replace("::1", "127.0.0.1", StringComparison.Ordinal));
        Assert.Equal(user?.Id.ToString(), line.TryGetProperty("userId", out var id) ? id.GetString() : null);
        Assert.StartsWith("/api/", line.Text("path"), StringComparison.Ordinal);
    }

    private static void ShouldBeAction(
        List<JsonElement> events,
        string requestId,
        string name,
        string outcome,
        Guid target,
        User user
    )
    {
        var line = Assert.Single(events, line => line.Text("requestId") == requestId);
        Assert.Equal(name, line.Text("event"));
        Assert.Equal(outcome, line.Text("outcome"));
        Assert.Equal(target.ToString(), line.Text("target"));
        Assert.Equal(user.Id.ToString(), line.Text("userId"));
    }

    private async Task<Guid> CreateAsync(User user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/markets");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Token);
        request.Content = JsonContent.Create(ApiFixture.NewMarket());
        using var response = await _program!.Client.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").Id();
    }

    private async Task SendAsync(string requestId, string method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Request-Id", requestId);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await _program!.Client.SendAsync(request);
    }

    private async Task<List<JsonElement>> StopAndReadAsync()
    {
        await _program!.TerminateAsync();
        Assert.Equal(0, await _program.ExitAsync());
        return
        [
            .. _program
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.TryGetProperty("event", out _)),
        ];
    }

    private sealed class StoppedClock : TimeProvider
    {
        public long Now { get; set; }

        public override long GetTimestamp() => Now;
    }
}
