using System.Diagnostics.Tracing;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Tells in the log what the exporter can't deliver: once, and then at most every ten minutes.</summary>
/// <remarks>The SDK itself tells only listeners such as this one. Requests never wait for the exporter: what it can't send is dropped.</remarks>
internal sealed partial class TelemetryErrors(ILogger<TelemetryErrors> logger) : EventListener
{
    private static readonly long Pause = (long)TimeSpan.FromMinutes(10).TotalMilliseconds;

    private long _quietUntil = long.MinValue;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.StartsWith("OpenTelemetry-Exporter", StringComparison.Ordinal))
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var now = Environment.TickCount64;
        var quietUntil = Volatile.Read(ref _quietUntil);
        if (now >= quietUntil && Interlocked.CompareExchange(ref _quietUntil, now + Pause, quietUntil) == quietUntil)
        {
            LogFault(eventData.EventName, string.Join("; ", (eventData.Payload ?? []).Select(FirstLine)));
        }
    }

    private static string? FirstLine(object? part) => part?.ToString()?.Split('\n')[0].TrimEnd();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry can't be sent; what isn't sent is dropped, and this is said again in ten minutes at the earliest: {Event}: {Fault}"
    )]
    private partial void LogFault(string? @event, string fault);
}
