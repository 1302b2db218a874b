using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace MarketsApi.Tests.Support.Otlp;

/// <summary>A collector: receives traces and metrics by OTLP over HTTP (opentelemetry.io/docs/specs/otlp) and stores them.</summary>
public sealed class OtlpReceiver : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private readonly ConcurrentQueue<OtlpMetric> _metrics = new();
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> _resources = new();
    private readonly ConcurrentQueue<string?> _keys = new();

    /// <summary>Starts it.</summary>
    public OtlpReceiver()
    {
        Address = new Uri($"http://localhost:{FreePorts.Next()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = ReceiveAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The spans that have come so far.</summary>
    public IReadOnlyList<OtlpSpan> Spans => [.. _spans];

    /// <summary>The points of metrics that have come so far.</summary>
    public IReadOnlyList<OtlpMetric> Metrics => [.. _metrics];

    /// <summary>What each request said of who sends it.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Resources => [.. _resources];

    /// <summary>The header x-key of each request.</summary>
    public IReadOnlyList<string?> Keys => [.. _keys];

    /// <summary>The settings that send a program's telemetry here, as soon as may be.</summary>
    public (string, string?)[] Settings =>
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", Address.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "300"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ];

    /// <summary>Waits for a span.</summary>
    public Task<OtlpSpan> SpanAsync(Func<OtlpSpan, bool> isIt) => FindAsync(_spans, isIt);

    /// <summary>Waits for a point of a metric.</summary>
    public Task<OtlpMetric> MetricAsync(Func<OtlpMetric, bool> isIt) => FindAsync(_metrics, isIt);

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_listener).Dispose();

    private static async Task<T> FindAsync<T>(ConcurrentQueue<T> arrived, Func<T, bool> isIt)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            if (arrived.FirstOrDefault(isIt) is { } found)
            {
                return found;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException("It never came. What came:\n" + string.Join('\n', arrived.Distinct().Take(200)));
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                Take(context.Request, new ProtobufMessage(body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private void Take(HttpListenerRequest request, ProtobufMessage message)
    {
        _keys.Enqueue(request.Headers["x-key"]);
        foreach (var resource in message.Messages(1))
        {
            _resources.Enqueue(resource.Message(1).Attributes(1));
        }

        foreach (var span in request.RawUrl == "/v1/traces" ? OtlpSpan.Read(message) : [])
        {
            _spans.Enqueue(span);
        }

        foreach (var metric in request.RawUrl == "/v1/metrics" ? OtlpMetric.Read(message) : [])
        {
            _metrics.Enqueue(metric);
        }
    }
}
