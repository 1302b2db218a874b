using System.Globalization;
using System.Text;

namespace MarketsApi.Infrastructure.Validation;

/// <summary>Texts that people write, and the form in which they are stored.</summary>
internal static class PlainText
{
    /// <summary>The most combining marks in a row: Unicode's Stream-Safe Text Format (UAX 15). Sorting a run of n of them takes n² steps.</summary>
    public const int MaxMarks = 30;

    /// <summary>A character of normalization form C stands for at most this many code points, so a text longer than this many times its maximum can't become short enough.</summary>
    public const int MaxComposed = 4;

    /// <summary>Trimmed and in Unicode normalization form C (UAX 15).</summary>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair.</exception>
    /// <remarks>.NET can't normalize U+FFFE, which composes with nothing: the text around it is normalized.</remarks>
    public static string Stored(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Contains('\ufffe', StringComparison.Ordinal)
            ? string.Join('\ufffe', trimmed.Split('\ufffe').Select(part => part.Normalize(NormalizationForm.FormC)))
            : trimmed.Normalize(NormalizationForm.FormC);
    }

    /// <summary>The length in Unicode code points, as people and the database count.</summary>
    public static int Length(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }

        return length;
    }

    /// <summary>Whether the text can be stored and shown: no control characters (Cc), and no half of a surrogate pair.</summary>
    /// <param name="text">The text as it came.</param>
    /// <param name="overLines">Whether line breaks and tabs are allowed; otherwise Unicode's line and paragraph separators are rejected as well.</param>
    public static bool IsAllowed(string text, bool overLines)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var isForbidden = char.GetUnicodeCategory(text[i]) switch
            {
                UnicodeCategory.Control => !overLines || text[i] is not ('\n' or '\r' or '\t'),
                UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => !overLines,
                UnicodeCategory.Surrogate => i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i]),
                _ => false,
            };
            if (isForbidden)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether more than <see cref="MaxMarks"/> combining marks follow each other.</summary>
    public static bool HasTooManyMarks(string text)
    {
        var marks = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            marks = IsMark(rune) ? marks + 1 : 0;
            if (marks > MaxMarks)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A name from external text, which is cleaned rather than rejected: without control characters and broken surrogates, in the stored form, cut to a length.</summary>
    /// <returns>Null when nothing is left.</returns>
    public static string? NameOf(string? text, int maximum)
    {
        if (text is null)
        {
            return null;
        }

        var (clean, length, marks) = (new StringBuilder(), 0, 0);
        foreach (var rune in text.AsSpan().TrimStart().EnumerateRunes())
        {
            marks = IsMark(rune) ? marks + 1 : 0;
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune) || marks > MaxMarks)
            {
                continue;
            }

            clean.Append(rune.ToString());
            if (++length == MaxComposed * maximum)
            {
                break;
            }
        }

        var stored = Stored(clean.ToString());
        if (Length(stored) > maximum)
        {
            stored = string.Concat(stored.EnumerateRunes().Take(maximum).Select(rune => rune.ToString())).TrimEnd();
        }

        return stored.Length > 0 ? stored : null;
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;
}
