using System.Globalization;
using System.Text;

namespace MarketsApi.Infrastructure.Validation;

/// <summary>Texts that people write, and the form in which they are stored.</summary>
internal static class PlainText
{
    /// <summary>Trimmed and in Unicode normalization form C (UAX 15).</summary>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair.</exception>
    /// <remarks>.NET refuses to normalize U+FFFE, which is a character that composes with nothing: what is around it is normalized.</remarks>
    public static string Stored(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Contains('\ufffe', StringComparison.Ordinal)
            ? string.Join('\ufffe', trimmed.Split('\ufffe').Select(part => part.Normalize(NormalizationForm.FormC)))
            : trimmed.Normalize(NormalizationForm.FormC);
    }

    /// <summary>The length in Unicode code points, as people and the database count.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();

    /// <summary>Whether the text can be stored and shown: no control characters (Cc), and no half of a surrogate pair.</summary>
    /// <param name="text">The text as it came.</param>
    /// <param name="overLines">Whether line breaks and tabs are welcome; otherwise Unicode's line and paragraph separators are refused as well.</param>
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
}
