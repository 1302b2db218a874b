using System.Net.Http.Headers;
using MarketsApi.Tests.Support;
using MarketsApi.Tests.Support.Otlp;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>The program as a process with its servers, and a collector that it sends its telemetry to.</summary>
public sealed class TelemetryFixture : IAsyncLifetime
{
    private readonly TcpProxy _proxy = new(
        new NpgsqlConnectionStringBuilder(TestDatabase.Server).Host is { } host && !host.StartsWith('/')
            ? host
            : "127.0.0.1",
        new NpgsqlConnectionStringBuilder(TestDatabase.Server).Port
    );

    private TestDatabase? _database;
    private RedisServer? _redis;
    private ProgramProcess? _program;

    /// <summary>Its collector.</summary>
    public OtlpReceiver Collector { get; } = new();

    /// <summary>The program.</summary>
    public ProgramProcess Program => _program!;

    /// <summary>The way to its database.</summary>
    public TcpProxy Proxy => _proxy;

    /// <summary>A user who may write.</summary>
    public User Alice { get; } = User.New("user", "Alice");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _redis = await RedisServer.StartAsync();
        _program = ProgramProcess.Start(
            [],
            [
                (
                    "DATABASE_URL",
                    new NpgsqlConnectionStringBuilder(_database.ConnectionString)
                    {
                        Host = "127.0.0.1",
                        Port = _proxy.Port,
                    }.ConnectionString
                ),
                ("REDIS_URL", $"127.0.0.1:{_redis.Port}"),
                ("Caching__ListSeconds", "0"),
                ("OTEL_SERVICE_NAME", "markets-under-test"),
                ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=tests"),
                ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a-key"),
                .. Collector.Settings,
            ]
        );
        await _program.UntilAsync("/health/ready");
        await Collector.MetricAsync(metric => metric.Name == "cache.redis.up");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        await _proxy.DisposeAsync();
        await _database!.DisposeAsync();
        Collector.Dispose();
    }

    /// <summary>Sends a request, as part of a trace of the caller's when there is one.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? traceParent = null,
        HttpContent? content = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
        }

        if (content is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Alice.Token);
        }

        return await Program.Client.SendAsync(request);
    }
}
