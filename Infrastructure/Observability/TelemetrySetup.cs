using System.Diagnostics.Tracing;
using System.Reflection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Traces and metrics, sent by OTLP while the program serves; nothing at all when no setting says where to.</summary>
internal static class TelemetrySetup
{
    /// <summary>The conventions' own boundaries, in seconds, and below them what responses from memory and simple statements take.</summary>
    private static readonly double[] RequestBoundaries =
    [
        .. (double[])[0.0001, 0.00025, 0.0005, 0.001, 0.0025],
        .. (double[])[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    ];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        // The framework then puts the conventions' attributes on its spans, which it creates only when there is a listener.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder
            .Services.AddOptions<TelemetrySettings>()
            .Configure<IConfiguration>((settings, configuration) => settings.ReadFrom(configuration))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TelemetrySettings>, TelemetrySettings>();

        var settings = TelemetrySettings.Of(builder.Configuration);
        if (!settings.HasTraces && !settings.HasMetrics)
        {
            return;
        }

        builder.Services.AddHostedService<TelemetryErrors>();
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(Describe).UseOtlpExporter();
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
    }

    /// <remarks>What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes last, and wins.</remarks>
    private static void Describe(ResourceBuilder resource) =>
        resource
            .Clear()
            .AddTelemetrySdk()
            .AddService(
                "marketsapi",
                serviceVersion: typeof(TelemetrySetup)
                    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                    ?.InformationalVersion
            )
            .AddEnvironmentVariableDetector();
}

/// <summary>Logs what the exporter can't deliver: once, and then at most every ten minutes.</summary>
/// <remarks>The SDK itself tells only listeners such as this one. Requests never wait for the exporter: what it can't send is dropped.</remarks>
internal sealed partial class TelemetryErrors(TimeProvider time, ILogger<TelemetryErrors> logger)
    : EventListener,
        IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private long? _lastLine;

    /// <remarks>Being there is all that it takes.</remarks>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.StartsWith("OpenTelemetry-Exporter", StringComparison.Ordinal))
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        lock (_gate)
        {
            if (_lastLine is { } last && time.GetElapsedTime(last) < Pause)
            {
                return;
            }

            _lastLine = time.GetTimestamp();
        }

        LogError(eventData.EventName, string.Join("; ", (eventData.Payload ?? []).Select(FirstLine)));
    }

    private static string? FirstLine(object? part) => part?.ToString()?.Split('\n')[0].TrimEnd();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry can't be sent and is dropped; this is logged every ten minutes at most: {Event}: {Error}"
    )]
    private partial void LogError(string? @event, string error);
}
