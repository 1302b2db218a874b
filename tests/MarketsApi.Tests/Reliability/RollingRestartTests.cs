using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Three instances behind a load balancer, each replaced in turn while requests come: what an upgrade is.</summary>
public sealed class RollingRestartTests : IAsyncLifetime
{
    private const int RequestsEachSecond = 100;
    private const int WriteEach = 20;
    private const int PassEach = 10;

    /// <summary>Many at once, so that the client needs all its connections and each instance gets some.</summary>
    private static readonly TimeSpan BetweenBursts = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentQueue<Task> _requests = new();
    private readonly List<ProgramProcess> _instances = [];
    private readonly Balancer _balancer = new();
    private HttpClient? _client;
    private HttpClient? _passing;
    private TestDatabase? _database;
    private int _written;

    private TestDatabase Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _client = ClientOf(new SocketsHttpHandler { MaxConnectionsPerServer = 12 });
        // A new connection for each request, so that a new instance is sure to be given some.
        _passing = ClientOf(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        _client?.Dispose();
        _passing?.Dispose();
        await _balancer.DisposeAsync();
        await Database.DisposeAsync();
    }

    [Fact]
    public async Task No_request_fails_and_no_job_is_lost_while_each_of_three_instances_is_replaced()
    {
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync()));
        using var end = new CancellationTokenSource();
        var load = SendAsync(end.Token);

        await UntilGivenAsync(3);
        foreach (var old in _instances.ToList())
        {
            await StartAsync();
            await UntilGivenAsync(_instances.Count);
            await old.TerminateAsync();
            Assert.Equal(0, await old.ExitAsync());
        }

        await Task.Delay(300);
        await end.CancelAsync();
        await load;
        await Task.WhenAll(_requests);

        Assert.Empty(_failures);
        Assert.Equal(6, _balancer.Given.Count);
        Assert.True(_requests.Count > 3 * RequestsEachSecond, $"Only {_requests.Count} requests were sent.");
        await Eventually.UntilAsync(
            async () =>
                await CountAsync("SELECT count(*) FROM jobs WHERE kind = 'index-market' AND state = 'done'")
                == _written,
            () => string.Join('\n', _instances.Select(instance => instance.Error))
        );
        Assert.Equal(_written, await CountAsync("SELECT count(*) FROM markets"));
    }

    private HttpClient ClientOf(SocketsHttpHandler handler)
    {
        handler.UseCookies = false;
        var client = new HttpClient(handler) { BaseAddress = _balancer.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Fleet.Moderator.Token);
        return client;
    }

    private Task UntilGivenAsync(int count) =>
        Eventually.UntilAsync(
            () => Task.FromResult(_balancer.Given.Count == count),
            () => $"{_balancer.Given.Count} of {count} instances were given connections"
        );

    private async Task StartAsync()
    {
        var instance = ProgramProcess.Start(
            [],
            ("DATABASE_URL", Database.ConnectionString + ";Maximum Pool Size=20"),
            ("Shutdown__DrainSeconds", "1"),
            ("RateLimiting__Enabled", "false")
        );
        lock (_instances)
        {
            _instances.Add(instance);
        }

        await instance.UntilAsync("/health/ready");
        _balancer.Add(instance);
    }

    /// <summary>Sends requests in bursts at fixed times, without waiting for earlier responses.</summary>
    private async Task SendAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested && !await IsServedAsync())
        {
            await Task.Delay(20, CancellationToken.None);
        }

        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; !end.IsCancellationRequested; )
        {
            var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * RequestsEachSecond);
            for (; sent < due; sent++)
            {
                _requests.Enqueue(SendAsync(sent));
            }

            await Task.Delay(BetweenBursts, CancellationToken.None);
        }
    }

    /// <summary>Whether the balancer has found an instance ready; until then it closes each connection.</summary>
    private async Task<bool> IsServedAsync()
    {
        try
        {
            using var response = await _client!.GetAsync("/health/live");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task SendAsync(int number)
    {
        try
        {
            var client = number % PassEach == 1 ? _passing! : _client!;
            using var response =
                number % WriteEach == 0
                    ? await client.PostAsJsonAsync("/api/markets", ApiFixture.NewMarket())
                    : await client.GetAsync($"/api/markets?limit={(number % 50) + 1}");
            if (!response.IsSuccessStatusCode)
            {
                _failures.Enqueue($"{number}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            }
            else if (number % WriteEach == 0)
            {
                Interlocked.Increment(ref _written);
            }
        }
        catch (HttpRequestException exception)
        {
            _failures.Enqueue($"{number}: {exception}");
        }
    }

    private async Task<long> CountAsync(string sql) => (await Database.QueryAsync<long>(sql))[0];
}
