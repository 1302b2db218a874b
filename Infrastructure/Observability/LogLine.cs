using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>One log line in the making: a flat JSON object. Each thread has one, used again and again.</summary>
internal sealed class LogLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static LogLine? _ofThread;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    private LogLine() => Json = new Utf8JsonWriter(_bytes, Options);

    /// <summary>Takes the members of the object.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>This thread's line, begun anew with when and how grave it is.</summary>
    public static LogLine Begin(DateTime time, string level, string message)
    {
        var line = _ofThread ??= new LogLine();
        line._bytes.ResetWrittenCount();
        line.Json.Reset();
        line.Json.WriteStartObject();
        line.Json.WriteString("timestamp"u8, time);
        line.Json.WriteString("level"u8, level);
        line.Json.WriteString("message"u8, message);
        return line;
    }

    /// <summary>Ends the object and hands the line over.</summary>
    public void EndTo(LogOutput output)
    {
        Json.WriteEndObject();
        Json.Flush();
        _bytes.Write("\n"u8);
        output.Append(_bytes.WrittenSpan);
    }
}
