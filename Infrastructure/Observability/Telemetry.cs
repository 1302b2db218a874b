using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Traces and metrics, sent by OTLP while the program serves; nothing at all when no setting says where to.</summary>
internal sealed class Telemetry(
    TelemetrySettings settings,
    IConfiguration configuration,
    ILogger<TelemetryErrors> faultLogger
) : IHostedService, IDisposable
{
    /// <summary>The longest that the last of it is waited for at the stop, in milliseconds.</summary>
    private const int LastMoments = 2_000;

    /// <summary>The conventions' own boundaries, in seconds, and below them what answers from memory and simple statements take.</summary>
    private static readonly double[] RequestBoundaries =
    [
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.075,
        0.1,
        0.25,
        0.5,
        0.75,
        1,
        2.5,
        5,
        7.5,
        10,
    ];

    private OpenTelemetrySdk? _sdk;
    private TelemetryErrors? _faults;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.HasTraces || settings.HasMetrics)
        {
            _faults = new TelemetryErrors(faultLogger);
            _sdk = OpenTelemetrySdk.Create(Build);
        }

        return Task.CompletedTask;
    }

    /// <summary>Sends what is left: after requests and jobs have ended, since what is registered first is stopped last.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _sdk is { } sdk
            ? Task.WhenAll(
                Task.Run(() => sdk.TracerProvider.Shutdown(LastMoments), CancellationToken.None),
                Task.Run(() => sdk.MeterProvider.Shutdown(LastMoments), CancellationToken.None)
            )
            : Task.CompletedTask;

    public void Dispose()
    {
        _sdk?.Dispose();
        _faults?.Dispose();
    }

    private void Build(IOpenTelemetryBuilder telemetry)
    {
        telemetry.Services.AddSingleton(configuration);
        telemetry.ConfigureResource(Describe);
        if (settings.HasTraces)
        {
            telemetry.WithTracing(traces =>
                traces
                    .AddSource("Microsoft.AspNetCore", "Npgsql", "System.Net.Http", "MarketsApi.*")
                    .SetSampler(settings.CreateSampler())
            );
        }

        if (settings.HasMetrics)
        {
            telemetry.WithMetrics(metrics =>
                metrics
                    .AddMeter("Microsoft.AspNetCore.*", "Npgsql", "System.Runtime", "MarketsApi.*")
                    .AddView(
                        "http.server.request.duration",
                        new ExplicitBucketHistogramConfiguration { Boundaries = RequestBoundaries }
                    )
            );
        }

        telemetry.UseOtlpExporter();
    }

    /// <remarks>What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes last, and wins.</remarks>
    private static void Describe(ResourceBuilder resource) =>
        resource
            .Clear()
            .AddTelemetrySdk()
            .AddService(
                "marketsapi",
                serviceVersion: typeof(Telemetry)
                    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                    ?.InformationalVersion
            )
            .AddEnvironmentVariableDetector();
}
