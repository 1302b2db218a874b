using System.Globalization;

namespace MarketsApi.Infrastructure.Http;

/// <summary>Points in time as RFC 3339 section 5.6 writes them.</summary>
internal static class Rfc3339
{
    /// <summary>What to tell a caller whose text is none.</summary>
    public const string Expected = "must be an RFC 3339 date and time with a zone, such as 2027-01-31T12:00:00Z";

    /// <summary>Reads a date-time with its zone, as UTC cut to the microsecond that the database keeps.</summary>
    /// <returns>False for anything else: no zone, impossible dates, leap seconds, years that leave 0001–9999 in UTC.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTime utc)
    {
        utc = default;
        if (!HasForm(text))
        {
            return false;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var value))
        {
            return false;
        }

        var ticks = value.UtcTicks;
        utc = new DateTime(ticks - (ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
        return true;
    }

    /// <summary>The grammar itself: .NET's own parser also takes forms without a zone, with blanks, or of other standards.</summary>
    private static bool HasForm(ReadOnlySpan<char> text)
    {
        const string shape = "dddd-dd-ddTdd:dd:dd";
        if (text.Length < shape.Length + 1)
        {
            return false;
        }

        for (var i = 0; i < shape.Length; i++)
        {
            var matches = shape[i] switch
            {
                'd' => char.IsAsciiDigit(text[i]),
                'T' => text[i] is 'T' or 't',
                var literal => text[i] == literal,
            };
            if (!matches)
            {
                return false;
            }
        }

        var rest = text[shape.Length..];
        if (rest[0] == '.')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits < 1)
            {
                return false;
            }

            rest = rest[(digits + 1)..];
        }

        return rest is "Z" or "z" || IsOffset(rest);
    }

    private static bool IsOffset(ReadOnlySpan<char> text) =>
        text.Length == 6
        && text[0] is '+' or '-'
        && char.IsAsciiDigit(text[1])
        && char.IsAsciiDigit(text[2])
        && text[3] == ':'
        && char.IsAsciiDigit(text[4])
        && char.IsAsciiDigit(text[5]);
}
