using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Log events as one flat JSON object a line: timestamp, level, message, then the event's properties by name.</summary>
/// <remarks>The published compact formatter doesn't restore here, and Serilog's own nests the properties, which log stores search badly.</remarks>
internal sealed class JsonLogFormatter : ITextFormatter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the framework adds to each line, and <see cref="RequestEnricher"/> says by names of our own.</summary>
    private static readonly FrozenSet<string> Left = ["EventId", "RequestId", "RequestPath", "ConnectionId"];

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", logEvent.Timestamp.UtcDateTime);
            json.WriteString("level", logEvent.Level.ToString());
            json.WriteString("message", logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
            foreach (var (name, value) in logEvent.Properties.Where(property => !Left.Contains(property.Key)))
            {
                Write(json, name, value);
            }

            if (logEvent.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
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
                json.WriteString(name, value.ToString("l", System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }
}
