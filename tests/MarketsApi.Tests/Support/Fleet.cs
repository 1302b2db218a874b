using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace MarketsApi.Tests.Support;

/// <summary>Several instances of the program on one database and, unless it is null, one Redis, each with its own connection to it.</summary>
public sealed class Fleet : IAsyncDisposable
{
    private const string InUse = "Redis is in use";

    private readonly bool _areProcesses;
    private readonly List<IInstance> _instances = [];
    private readonly List<TcpProxy> _ways = [];

    private Fleet(TestDatabase database, bool areProcesses) => (Database, _areProcesses) = (database, areProcesses);

    /// <summary>Their database.</summary>
    public TestDatabase Database { get; }

    /// <summary>The instances.</summary>
    public IReadOnlyList<IInstance> Instances => _instances;

    /// <summary>Each instance's way to Redis.</summary>
    public IReadOnlyList<TcpProxy> Ways => _ways;

    /// <summary>Who writes.</summary>
    public static User Moderator { get; } = User.New("moderator", "Mo");

    /// <summary>Starts them within the tests' process, and waits until they are ready and make use of Redis.</summary>
    public static Task<Fleet> StartAsync(
        int instances,
        RedisServer? redis,
        params (string Name, string? Value)[] environment
    ) => StartAsync(instances, redis, areProcesses: false, environment);

    /// <summary>Starts a process for each, which <see cref="Kill"/> can end as a crash does.</summary>
    public static Task<Fleet> StartProcessesAsync(
        int instances,
        RedisServer? redis,
        params (string Name, string? Value)[] environment
    ) => StartAsync(instances, redis, areProcesses: true, environment);

    private static async Task<Fleet> StartAsync(
        int instances,
        RedisServer? redis,
        bool areProcesses,
        (string Name, string? Value)[] environment
    )
    {
        var fleet = new Fleet(await TestDatabase.CreateAsync(), areProcesses);
        try
        {
            await fleet.AddAsync(instances, redis, environment);
            return fleet;
        }
        catch (Exception)
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds some more.</summary>
    public async Task AddAsync(int instances, RedisServer? redis, params (string Name, string? Value)[] environment)
    {
        var first = _instances.Count;
        for (var added = 0; added < instances; added++)
        {
            var way = redis is null ? null : new TcpProxy("127.0.0.1", redis.Port);
            if (way is not null)
            {
                _ways.Add(way);
            }

            (string, string?)[] settings =
            [
                ("ConnectionStrings__Postgres", Database.ConnectionString + ";Maximum Pool Size=20"),
                ("ConnectionStrings__Redis", way is null ? "" : $"redis://127.0.0.1:{way.Port}"),
                ("Database__MaxWaitMilliseconds", "60000"),
                .. environment,
            ];
            _instances.Add(
                _areProcesses ? ProgramProcess.Start([], settings) : await HostedProgram.StartAsync(settings)
            );
        }

        foreach (var instance in _instances.Skip(first))
        {
            await instance.UntilAsync("/health/ready");
            if (redis is not null)
            {
                await UntilRedisIsInUseAsync(instance, times: 1);
            }
        }
    }

    /// <summary>Ends an instance at once, as a crash does.</summary>
    public void Kill(int instance)
    {
        if (_instances[instance] is not ProgramProcess process)
        {
            throw new InvalidOperationException("Only a process can be killed: use StartProcessesAsync.");
        }

        process.Kill();
    }

    /// <summary>Waits until an instance has said so many times that it makes use of Redis.</summary>
    public static async Task UntilRedisIsInUseAsync(IInstance instance, int times)
    {
        var started = Stopwatch.GetTimestamp();
        while (TimesRedisCame(instance) < times)
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(30))
            {
                throw new TimeoutException("The program doesn't make use of Redis:\n" + instance.Everything);
            }

            await Task.Delay(20);
        }
    }

    /// <summary>How many times an instance has begun to make use of Redis.</summary>
    public static int TimesRedisCame(IInstance instance) => instance.Everything.Split(InUse).Length - 1;

    /// <summary>A client that has one connection to the instance, and nothing but that.</summary>
    public static HttpClient OneConnectionTo(IInstance instance) =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseCookies = false })
        {
            BaseAddress = instance.Address,
        };

    /// <summary>Makes a market by way of an instance.</summary>
    public Task<Guid> CreateMarketAsync(int instance = 0) => CreateMarketAsync(_instances[instance].Client);

    /// <summary>Makes a market.</summary>
    public static async Task<Guid> CreateMarketAsync(HttpClient client)
    {
        using var response = await SendAsync(client, HttpMethod.Post, "/api/markets", ApiFixture.NewMarket());
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").Id();
    }

    /// <summary>Changes its description.</summary>
    public static async Task<MarketReading> WriteAsync(HttpClient client, Guid id, string description)
    {
        using var response = await SendAsync(client, HttpMethod.Patch, $"/api/markets/{id}", new { description });
        return MarketReading.Of(response);
    }

    /// <summary>Removes it.</summary>
    public static async Task<MarketReading> DeleteAsync(HttpClient client, Guid id)
    {
        using var response = await SendAsync(client, HttpMethod.Delete, $"/api/markets/{id}", null);
        return MarketReading.Of(response);
    }

    /// <summary>Reads it; the body says the same version as the entity tag.</summary>
    public static async Task<MarketReading> ReadAsync(HttpClient client, Guid id)
    {
        using var response = await client.GetAsync($"/api/markets/{id}");
        var reading = MarketReading.Of(response);
        var body = await response.Content.ReadAsByteArrayAsync();
        if (response.IsSuccessStatusCode)
        {
            using var json = JsonDocument.Parse(body);
            Assert.Equal(json.RootElement.GetProperty("data").GetProperty("version").GetInt64(), reading.Version);
        }

        return reading;
    }

    /// <summary>What all of them have said, but for the lines about single requests.</summary>
    public string Everything =>
        string.Join(
            "\n",
            _instances.SelectMany(
                (one, index) =>
                    one
                        .Everything.Split('\n')
                        .Where(line => !line.Contains("Request completed", StringComparison.Ordinal))
                        .Select(line => $"[{index}] {line}")
            )
        );

    /// <summary>Ends the instances, as a crash does.</summary>
    public async Task StopAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        foreach (var way in _ways)
        {
            await way.DisposeAsync();
        }

        _instances.Clear();
        _ways.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Database.DisposeAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        HttpMethod method,
        string path,
        object? body
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Moderator.Token);
        request.Content = body is null ? null : JsonContent.Create(body);
        return await client.SendAsync(request);
    }
}
