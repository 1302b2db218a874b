using System.Globalization;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.RateLimiting;

/// <summary>Only a known proxy decides the caller's address, and a failed request has the rate limit's headers too.</summary>
public sealed class SpoofedAddressTests
{
    [Fact]
    public async Task Headers_of_an_unknown_peer_change_neither_limits_nor_logs_and_failures_count_too()
    {
        await using var database = await TestDatabase.CreateAsync();
        var server = new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var way = new TcpProxy("127.0.0.1", server.Port, open: false);
        (server.Host, server.Port) = ("127.0.0.1", way.Port);
        await using var program = ProgramProcess.Start(
            [],
            ("DATABASE_URL", server.ConnectionString),
            ("RateLimiting__Enabled", "true"),
            ("RateLimiting__PermitLimit", "4"),
            ("ForwardedHeaders__KnownProxies", "192.0.2.0/24")
        );
        await program.UntilAsync("/health/live");

        Assert.Equal((503, "\"default\";r=3;t="), await SendAsync(program, 1));
        way.Open();
        await program.UntilAsync("/health/ready");
        Assert.Equal((200, "\"default\";r=2;t="), await SendAsync(program, 2));
        way.Close();
        Assert.Equal((503, "\"default\";r=1;t="), await SendAsync(program, 3));
        Assert.Equal((503, "\"default\";r=0;t="), await SendAsync(program, 4));
        Assert.Equal((429, "\"default\";r=0;t="), await SendAsync(program, 5));
        await program.TerminateAsync();
        await program.ExitAsync();

        var clients = program
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line =>
                line.TryGetProperty("requestId", out var id)
                && id.GetString()!.StartsWith("spoof-", StringComparison.Ordinal)
            )
            .Select(line => line.Text("client"))
            .ToList();
        Assert.True(clients.Count >= 5, program.Everything);
        Assert.All(clients, client => Assert.Contains(client, (string[])["127.0.0.1", "::1"]));
        Assert.DoesNotContain("203.0.113.", program.Everything, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string RateLimit)> SendAsync(ProgramProcess program, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/markets?offset={number}");
        request.Headers.Add("X-Request-Id", string.Create(CultureInfo.InvariantCulture, $"spoof-{number}"));
        request.Headers.Add("X-Forwarded-For", $"203.0.113.{number}");
        request.Headers.Add("Forwarded", $"for=203.0.113.{number}");
        request.Headers.Add("X-Real-IP", $"203.0.113.{number}");
        using var response = await program.Client.SendAsync(request);
        var limit = Assert.Single(response.Headers.GetValues("RateLimit"));
        Assert.Equal("\"default\";q=4;w=60", Assert.Single(response.Headers.GetValues("RateLimit-Policy")));
        return ((int)response.StatusCode, limit[..(limit.IndexOf("t=", StringComparison.Ordinal) + 2)]);
    }
}
