using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Serilog.Core;
using Serilog.Events;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Log events as one flat JSON object a line: timestamp, level, message, then the event's properties by name.</summary>
/// <remarks>The published compact formatter doesn't restore here, and Serilog's own nests the properties, which log stores search badly.</remarks>
internal sealed class JsonLogSink(LogOutput output) : ILogEventSink
{
    /// <summary>What the framework adds to each line, and <see cref="RequestEnricher"/> says by names of our own.</summary>
    private static readonly FrozenSet<string> Left = ["EventId", "RequestId", "RequestPath", "ConnectionId"];

    public void Emit(LogEvent logEvent)
    {
        var line = LogLine.Begin(
            logEvent.Timestamp.UtcDateTime,
            logEvent.Level.ToString(),
            logEvent.RenderMessage(CultureInfo.InvariantCulture)
        );
        foreach (var (name, value) in logEvent.Properties)
        {
            if (!Left.Contains(name))
            {
                Write(line.Json, name, value);
            }
        }

        if (logEvent.Exception is { } exception)
        {
            line.Json.WriteString("exception", exception.ToString());
        }

        line.EndTo(output);
    }

    private static void Write(Utf8JsonWriter json, string name, LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue { Value: null }:
                json.WriteNull(name);
                break;
            case ScalarValue { Value: int or long or short or byte } whole:
                json.WriteNumber(name, Convert.ToInt64(whole.Value, null));
                break;
            case ScalarValue { Value: double number }:
                json.WriteNumber(name, Math.Round(number, 3));
                break;
            case ScalarValue { Value: bool flag }:
                json.WriteBoolean(name, flag);
                break;
            case ScalarValue { Value: string text }:
                json.WriteString(name, text);
                break;
            default:
                json.WriteString(name, value.ToString("l", CultureInfo.InvariantCulture));
                break;
        }
    }
}
