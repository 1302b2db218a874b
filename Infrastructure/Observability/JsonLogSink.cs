using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Core;
using Serilog.Events;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Log events as one flat JSON object a line: timestamp, level, message, then the event's properties by name.</summary>
/// <remarks>
/// The published compact formatter doesn't restore here, and Serilog's own nests the properties, which log stores search badly. The bytes go
/// out as they are made, one write a line: a line for each request is part of what a request costs.
/// </remarks>
internal sealed class JsonLogSink(Stream output) : ILogEventSink
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the framework adds to each line, and <see cref="RequestEnricher"/> says by names of our own.</summary>
    private static readonly FrozenSet<string> Left = ["EventId", "RequestId", "RequestPath", "ConnectionId"];

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _line;

    private readonly Lock _gate = new();

    public void Emit(LogEvent logEvent)
    {
        var line = _line ??= new ArrayBufferWriter<byte>(1024);
        line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(line, Options))
        {
            Write(json, logEvent);
        }

        line.Write("\n"u8);
        lock (_gate)
        {
            output.Write(line.WrittenSpan);
        }
    }

    private static void Write(Utf8JsonWriter json, LogEvent logEvent)
    {
        json.WriteStartObject();
        json.WriteString("timestamp", logEvent.Timestamp.UtcDateTime);
        json.WriteString("level", logEvent.Level.ToString());
        json.WriteString("message", logEvent.RenderMessage(CultureInfo.InvariantCulture));
        foreach (var (name, value) in logEvent.Properties)
        {
            if (!Left.Contains(name))
            {
                Write(json, name, value);
            }
        }

        if (logEvent.Exception is { } exception)
        {
            json.WriteString("exception", exception.ToString());
        }

        json.WriteEndObject();
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
