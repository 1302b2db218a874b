using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>Points in time as RFC 3339 section 5.6 writes them.</summary>
internal static class Rfc3339
{
    /// <summary>The earliest time that is accepted; what is before it is a slip.</summary>
    private static readonly DateTime Earliest = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>What to tell a caller whose text is not a time.</summary>
    public const string Expected =
        "must be an RFC 3339 date and time with a zone, such as 2027-01-31T12:00:00Z, in the years 1900 to 9999";

    /// <summary>Reads a date-time with its zone, as UTC cut to the microsecond that the database keeps.</summary>
    /// <returns>False for anything else: no zone, impossible dates, leap seconds, years outside 1900–9999 in UTC.</returns>
    /// <remarks>.NET's own parser also takes forms of other standards, rounds fractions up, and refuses offsets beyond 14 hours.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTime utc)
    {
        utc = default;
        if (
            text.Length < "yyyy-MM-ddTHH:mm:ssZ".Length
            || text[10] is not ('T' or 't')
            || !DateOnly.TryParseExact(
                text[..10],
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date
            )
            || !TimeOnly.TryParseExact(
                text[11..19],
                "HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var time
            )
        )
        {
            return false;
        }

        var rest = text[19..];
        if (!TryTakeFraction(ref rest, out var fraction) || !TryReadOffset(rest, out var offset))
        {
            return false;
        }

        var ticks = date.ToDateTime(time).Ticks + fraction - offset;
        if (ticks < Earliest.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        utc = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    /// <summary>Any number of digits behind a point; those beyond the microsecond are dropped.</summary>
    private static bool TryTakeFraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest[0] != '.')
        {
            return true;
        }

        var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
        if (digits < 1)
        {
            return false;
        }

        var unit = TimeSpan.TicksPerSecond / 10;
        foreach (var digit in rest[1..(digits + 1)])
        {
            if (unit < TimeSpan.TicksPerMicrosecond)
            {
                break;
            }

            ticks += (digit - '0') * unit;
            unit /= 10;
        }

        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (
            text.Length != 6
            || text[0] is not ('+' or '-')
            || !TimeOnly.TryParseExact(
                text[1..],
                "HH:mm",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var offset
            )
        )
        {
            return false;
        }

        ticks = text[0] == '-' ? -offset.Ticks : offset.Ticks;
        return true;
    }
}

/// <summary>Times in JSON: read in any zone, stored and written in UTC.</summary>
internal sealed class Rfc3339JsonConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !Rfc3339.TryParse(reader.GetString(), out var utc))
        {
            throw new InvalidMemberException($"The value {Rfc3339.Expected}.");
        }

        return utc;
    }

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}

/// <summary>A time in the query string, read like one in a body; the framework's own parser for <see cref="DateTime"/> rounds, and knows fewer offsets.</summary>
/// <param name="Utc">The time in UTC.</param>
public readonly record struct QueryTime(DateTime Utc)
{
    /// <summary>The time in UTC.</summary>
    public static implicit operator DateTime(QueryTime time) => time.Utc;

    /// <summary>Binds a parameter.</summary>
    public static bool TryParse(string? text, out QueryTime time)
    {
        var isTime = Rfc3339.TryParse(text, out var utc);
        time = new QueryTime(utc);
        return isTime;
    }
}
