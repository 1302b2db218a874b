using System.Globalization;
using System.Text;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>Brings a source's own categories to our form.</summary>
internal static class ImportMarketsCategory
{
    private const int MaxLength = 50;

    /// <summary>Lower case, accents dropped, one hyphen for every run of other characters but letters and digits of ASCII; at most 50.</summary>
    /// <returns>Null when nothing is left.</returns>
    public static string? Of(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var form = new StringBuilder(MaxLength);
        foreach (var character in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                form.Append(char.ToLowerInvariant(character));
            }
            else if (
                form.Length > 0
                && form[^1] != '-'
                && CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark
            )
            {
                form.Append('-');
            }
        }

        if (form.Length > MaxLength)
        {
            form.Length = MaxLength;
        }

        return form.ToString().TrimEnd('-') is { Length: > 0 } category ? category : null;
    }
}
