using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Requests while all connections to the database are in use.</summary>
public sealed class BusyDatabaseTests(BusyDatabaseTests.FewConnections api)
    : IClassFixture<BusyDatabaseTests.FewConnections>
{
    private const int Connections = 3;

    /// <summary>How many of them one caller can have.</summary>
    private const int ShareOfOne = 2;

    [Fact]
    public async Task Are_rejected_quickly_and_accepted_again_when_connections_come_back()
    {
        List<Task<HttpResponseMessage>> held;
        await using (var table = await HeldTable.LockAsync(api.Database))
        {
            held =
            [
                .. Enumerable
                    .Range(0, Connections)
                    .Select(i => SendAsync(HttpMethod.Get, i == 0 ? api.Bob : api.Alice)),
            ];
            await table.UntilWaitingAsync(Connections);

            var rejected = await Task.WhenAll(
                Enumerable.Range(0, 100).Select(i => SendAsync(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Post))
            );
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < 20; i++)
            {
                using var late = await SendAsync(HttpMethod.Get);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
            }

            var elapsed = Stopwatch.GetElapsedTime(started);
            using var ready = await api.Live.Client.GetAsync("/health/ready", Cancel);

            foreach (var response in rejected)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero, "Retry-After is missing");
                var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
                problem.ShouldBeWellFormed(503);
                Assert.Equal("Service unavailable", problem.Text("error"));
                response.Dispose();
            }

            Assert.True(elapsed < TimeSpan.FromSeconds(10), $"twenty who came too late waited {elapsed} in all");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }

        foreach (var response in await Task.WhenAll(held))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }

        using var after = await SendAsync(HttpMethod.Post);
        Assert.Equal(HttpStatusCode.Created, after.StatusCode);
    }

    [Fact]
    public async Task Every_request_of_a_burst_that_the_database_handles_in_time_succeeds()
    {
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 150).Select(i => SendAsync(i % 10 == 0 ? HttpMethod.Post : HttpMethod.Get))
        );

        Assert.All(
            responses,
            response => Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} in a burst")
        );
    }

    [Fact]
    public async Task No_place_is_lost_with_requests_whose_callers_leave()
    {
        await using (var table = await HeldTable.LockAsync(api.Database))
        {
            using var leaving = new CancellationTokenSource();
            var left = Enumerable
                .Range(0, 4 * Connections)
                .Select(i => SendAsync(HttpMethod.Get, i % 2 == 0 ? api.Bob : api.Alice, leaving.Token))
                .ToList();
            await table.UntilWaitingAsync(Connections);
            await leaving.CancelAsync();
            await table.UntilWaitingAsync(0);
            Assert.All(left, request => Assert.False(request.IsCompletedSuccessfully));
        }

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SendAsync(HttpMethod.Get)));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task A_rejected_write_leaves_cached_lists_in_use()
    {
        await using var cached = new CachedConnections();
        await cached.InitializeAsync();
        using var first = await cached.Live.Client.GetAsync("/api/markets?limit=3", Cancel);
        var held = new List<Task<HttpResponseMessage>>();
        await using (var table = await HeldTable.LockAsync(cached.Database))
        {
            held.AddRange(
                Enumerable
                    .Range(4, ShareOfOne)
                    .Select(i => cached.Live.Client.GetAsync($"/api/markets?limit={i}", Cancel))
            );
            using var list = new HttpRequestMessage(HttpMethod.Get, "/api/markets?limit=9");
            list.Headers.Authorization = new AuthenticationHeaderValue("Bearer", cached.Bob.Token);
            held.Add(cached.Live.Client.SendAsync(list, Cancel));
            await table.UntilWaitingAsync(Connections);

            using var patch = new HttpRequestMessage(HttpMethod.Patch, $"/api/markets/{Guid.NewGuid()}");
            patch.Headers.Authorization = new AuthenticationHeaderValue("Bearer", cached.Alice.Token);
            patch.Content = JsonContent.Create(new { description = "there is no connection for it" });
            using var rejected = await cached.Live.Client.SendAsync(patch, Cancel);
            using var second = await cached.Live.Client.GetAsync("/api/markets?limit=3", Cancel);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, rejected.StatusCode);
            Assert.Equal("MarketsApi; fwd=miss", first.Headers.GetValues("Cache-Status").Single());
            Assert.Equal("MarketsApi; hit; detail=memory", second.Headers.GetValues("Cache-Status").Single());
        }

        foreach (var response in await Task.WhenAll(held))
        {
            response.Dispose();
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        User? caller = null,
        CancellationToken cancellationToken = default
    )
    {
        using var request = new HttpRequestMessage(method, "/api/markets");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (caller ?? api.Alice).Token);
        request.Content = method == HttpMethod.Post ? JsonContent.Create(ApiFixture.NewMarket()) : null;
        return await api.Live.Client.SendAsync(request, cancellationToken);
    }

    /// <summary>A program with three connections for requests and one for the health check, that waits for none of them long.</summary>
    public sealed class FewConnections : ApiFixture
    {
        /// <inheritdoc/>
        protected override int MaxConnections => Connections + 1;

        /// <inheritdoc/>
        protected override IReadOnlyDictionary<string, string> Settings { get; } =
            new Dictionary<string, string> { ["Caching:Enabled"] = "false", ["Database:MaxWaitMilliseconds"] = "2500" };
    }

    /// <summary>The same with lists that stay cached for the whole test.</summary>
    private sealed class CachedConnections : ApiFixture
    {
        protected override int MaxConnections => Connections + 1;

        protected override IReadOnlyDictionary<string, string> Settings { get; } =
            new Dictionary<string, string>
            {
                ["Caching:ListSeconds"] = "600",
                ["Database:MaxWaitMilliseconds"] = "500",
            };
    }
}
