using System.Net;
using System.Net.Sockets;
using MarketsApi.Tests.Support;
using MarketsApi.Tests.Support.Otlp;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>When telemetry is sent, when it isn't, and what happens to requests without a collector.</summary>
public sealed class TelemetryProcessTests
{
    private static readonly (string, string?) NoDatabase = ("DATABASE_URL", "postgres://x:x@127.0.0.1:1/x");

    [Fact]
    public async Task A_stop_sends_what_is_left()
    {
        using var collector = new OtlpReceiver();
        await using var program = ProgramProcess.Start(
            [],
            [
                NoDatabase,
                .. collector.Settings,
                ("OTEL_METRIC_EXPORT_INTERVAL", "600000"),
                ("OTEL_BSP_SCHEDULE_DELAY", "600000"),
            ]
        );
        await program.UntilAsync("/health/live");
        await program.UntilAsync("/nothing", HttpStatusCode.NotFound);
        Assert.Empty(collector.Spans);

        await program.TerminateAsync();

        Assert.Equal(0, await program.ExitAsync());
        Assert.Contains(collector.Spans, span => span["url.path"] == "/nothing" && span.Name == "GET");
        Assert.Contains(collector.Metrics, metric => metric.Name == "http.server.request.duration");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", null)]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    public async Task Nothing_is_sent_unless_an_endpoint_is_set_and_telemetry_is_on(string variable, string? value)
    {
        using var collector = new OtlpReceiver();
        await using var program = ProgramProcess.Start(
            [],
            [
                NoDatabase,
                .. collector.Settings,
                ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.Address}v1/traces"),
                ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"{collector.Address}v1/metrics"),
                (variable, value),
            ]
        );
        await program.UntilAsync("/health/live");
        await program.UntilAsync("/nothing", HttpStatusCode.NotFound);

        await program.TerminateAsync();

        Assert.Equal(0, await program.ExitAsync());
        Assert.Empty(collector.Resources);
    }

    [Fact]
    public async Task Traces_can_be_off_while_metrics_are_on()
    {
        using var collector = new OtlpReceiver();
        await using var program = ProgramProcess.Start(
            [],
            [NoDatabase, .. collector.Settings, ("OTEL_TRACES_EXPORTER", "none")]
        );
        await program.UntilAsync("/nothing", HttpStatusCode.NotFound);

        await program.TerminateAsync();

        Assert.Equal(0, await program.ExitAsync());
        Assert.Contains(collector.Metrics, metric => metric.Name == "http.server.request.duration");
        Assert.Empty(collector.Spans);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_unavailable_or_silent_collector_changes_no_response_and_is_reported_once(bool isSilent)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        if (!isSilent)
        {
            listener.Stop();
        }

        await using var program = ProgramProcess.Start(
            [],
            NoDatabase,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{port}"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "200"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
            ("OTEL_BSP_SCHEDULE_DELAY", "50")
        );
        await program.UntilAsync("/health/live");
        for (var sent = 0; sent < 50; sent++)
        {
            using var response = await program.Client.GetAsync("/nothing");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            await Task.Delay(20);
        }

        await program.TerminateAsync();
        Assert.Equal(0, await program.ExitAsync());

        Assert.Single(
            program.Output.Split('\n'),
            line => line.Contains("Telemetry can't be sent", StringComparison.Ordinal)
        );
        Assert.Equal("", program.Error);
    }
}
