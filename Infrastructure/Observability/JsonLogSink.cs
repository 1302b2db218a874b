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
/// Serilog's own formatters name these members otherwise, and leave U+0085, U+2028 and U+2029 as they are: to many readers of logs these
/// end a line, so a caller could forge one.
/// </remarks>
internal sealed class JsonLogSink(LogOutput output) : ILogEventSink
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the framework adds to each line, and <see cref="RequestLogEnricher"/> says by names of our own.</summary>
    private static readonly FrozenSet<string> LeftOut = ["EventId", "RequestId", "RequestPath", "ConnectionId"];

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _bytes;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    public void Emit(LogEvent logEvent)
    {
        var bytes = _bytes ??= new ArrayBufferWriter<byte>(1024);
        var json = _json ??= new Utf8JsonWriter(bytes, Options);
        bytes.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        json.WriteString("timestamp"u8, logEvent.Timestamp.UtcDateTime);
        json.WriteString("level"u8, logEvent.Level.ToString());
        json.WriteString("message"u8, logEvent.RenderMessage(CultureInfo.InvariantCulture));
        foreach (var (name, value) in logEvent.Properties)
        {
            if (!LeftOut.Contains(name))
            {
                Write(json, name, value);
            }
        }

        if (logEvent.Exception is { } exception)
        {
            json.WriteString("exception"u8, exception.ToString());
        }

        json.WriteEndObject();
        json.Flush();
        bytes.Write("\n"u8);
        output.Append(bytes.WrittenSpan);
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
