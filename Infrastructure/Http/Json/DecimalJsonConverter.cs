using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>Decimals in JSON, without .NET's silent rounding: a number with more digits than a decimal holds still breaks the rules that it breaks as sent.</summary>
/// <remarks>.NET reads <c>5.00000000000000000000000000001</c> as 5, which has two decimals; the caller sent something else.</remarks>
internal sealed class DecimalJsonConverter : JsonConverter<decimal>
{
    /// <summary>With no more digits than these, a number of 0.01 or more is never rounded: a decimal has 28 behind the point.</summary>
    private const int ExactDigits = 26;

    /// <summary>Stands for the digits that got lost. It changes no amount that has any chance of being valid, except that it now has decimals.</summary>
    private const decimal Trace = 0.00000000000000000001m;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            // Without a message, the serializer writes its own, as for the types that it reads itself.
            throw new JsonException();
        }

        var value = ReadRounded(ref reader);
        var digits = SignificantDigits(TextOf(ref reader));
        return digits > ExactDigits ? value + Trace : value;
    }

    /// <summary>The number as .NET rounds it, or what stands for it.</summary>
    public static decimal ReadRounded(ref Utf8JsonReader reader) =>
        reader.TryGetDecimal(out var value) ? value : Largest(TextOf(ref reader)[0] == (byte)'-');

    /// <summary>Stands for a number that no decimal holds: the bounds that every amount has reject it, as any other number out of them.</summary>
    public static decimal Largest(bool isNegative) => isNegative ? decimal.MinValue : decimal.MaxValue;

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value);

    private static ReadOnlySpan<byte> TextOf(ref Utf8JsonReader reader) =>
        reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;

    /// <summary>How many digits there are from the first to the last that isn't zero.</summary>
    private static int SignificantDigits(ReadOnlySpan<byte> number)
    {
        var exponent = number.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponent < 0 ? number : number[..exponent];
        var first = mantissa.IndexOfAnyInRange((byte)'1', (byte)'9');
        if (first < 0)
        {
            return 0;
        }

        var significant = mantissa[first..(mantissa.LastIndexOfAnyInRange((byte)'1', (byte)'9') + 1)];
        return significant.Length - (significant.Contains((byte)'.') ? 1 : 0);
    }
}
