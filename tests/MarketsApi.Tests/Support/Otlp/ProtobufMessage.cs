using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MarketsApi.Tests.Support.Otlp;

/// <summary>A Protocol Buffers message as its fields by number (the wire format of protobuf.dev/programming-guides/encoding), for the few messages of OTLP.</summary>
public sealed class ProtobufMessage
{
    private readonly List<(int Number, ReadOnlyMemory<byte> Bytes, ulong Scalar)> _fields = [];

    /// <summary>Takes a message apart.</summary>
    public ProtobufMessage(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var key = Varint(ref message);
            var (bytes, scalar) = (key & 7) switch
            {
                0 => (default, Varint(ref message)),
                1 => (default, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref message, 8).Span)),
                2 => (Take(ref message, (int)Varint(ref message)), 0UL),
                5 => (
                    default(ReadOnlyMemory<byte>),
                    BinaryPrimitives.ReadUInt32LittleEndian(Take(ref message, 4).Span)
                ),
                var wire => throw new FormatException($"Unknown wire type {wire}."),
            };
            _fields.Add(((int)(key >> 3), bytes, scalar));
        }
    }

    /// <summary>The messages of a repeated field.</summary>
    public IEnumerable<ProtobufMessage> Messages(int number) =>
        _fields.Where(field => field.Number == number).Select(field => new ProtobufMessage(field.Bytes));

    /// <summary>The message of a field; an empty one when it isn't there.</summary>
    public ProtobufMessage Message(int number) => Messages(number).LastOrDefault() ?? new ProtobufMessage(default);

    /// <summary>Whether a field is there.</summary>
    public bool Has(int number) => _fields.Exists(field => field.Number == number);

    /// <summary>A text; empty when it isn't there.</summary>
    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).Span);

    /// <summary>An id, in hexadecimal; empty when it isn't there.</summary>
    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number).Span);

    /// <summary>A number, flag or enumeration; 0 when it isn't there.</summary>
    public ulong Number(int number) => _fields.LastOrDefault(field => field.Number == number).Scalar;

    /// <summary>A list of KeyValue, each value as text.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int number) =>
        Messages(number).ToDictionary(pair => pair.Text(1), pair => ValueOf(pair.Message(2)));

    private static string ValueOf(ProtobufMessage value) =>
        value.Has(1) ? value.Text(1)
        : value.Has(2) ? (value.Number(2) != 0 ? "true" : "false")
        : value.Has(3) ? ((long)value.Number(3)).ToString(CultureInfo.InvariantCulture)
        : value.Has(4) ? BitConverter.UInt64BitsToDouble(value.Number(4)).ToString(CultureInfo.InvariantCulture)
        : "?";

    private ReadOnlyMemory<byte> Bytes(int number) => _fields.LastOrDefault(field => field.Number == number).Bytes;

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> message, int count)
    {
        var taken = message[..count];
        message = message[count..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = Take(ref message, 1).Span[0];
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }
    }
}
