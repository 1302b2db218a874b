using System.Text;
using MarketsApi.Tests.Features.Shared;

namespace MarketsApi.Tests.Features.ListMarkets;

/// <summary>The list's orders in plain C#, to compare the program's with.</summary>
internal static class ReferenceOrder
{
    /// <summary>These rows in this order.</summary>
    public static IEnumerable<MarketRow> Of(IEnumerable<MarketRow> rows, string sort, string order)
    {
        var isDescending = order == "desc";
        Comparison<MarketRow> byKey = sort switch
        {
            "volume" => (a, b) => a.Volume.CompareTo(b.Volume),
            "createdAt" => (a, b) => a.CreatedAt.CompareTo(b.CreatedAt),
            "endsAt" => (a, b) => EndOf(a, isDescending).CompareTo(EndOf(b, isDescending)),
            _ => (a, b) => CompareNames(a.Name, b.Name),
        };
        var ascending = Comparer<MarketRow>.Create(
            (a, b) =>
                byKey(a, b) is var result and not 0 ? result : string.CompareOrdinal(a.Id.ToString(), b.Id.ToString())
        );
        return isDescending ? rows.OrderDescending(ascending) : rows.Order(ascending);
    }

    /// <summary>Open-ended comes last in either direction.</summary>
    private static DateTime EndOf(MarketRow row, bool isDescending) =>
        row.EndsAt ?? (isDescending ? DateTime.MinValue : DateTime.MaxValue);

    /// <summary>The Unicode collation algorithm for digits, letters of ASCII and the acute accent: base letters first, then accents from the left; case doesn't count.</summary>
    private static int CompareNames(string a, string b) =>
        string.CompareOrdinal(Bases(a), Bases(b)) is var result and not 0
            ? result
            : string.CompareOrdinal(Accents(a), Accents(b));

    private static string Bases(string name) =>
        name.Normalize(NormalizationForm.FormD).Replace("\u0301", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string Accents(string name)
    {
        var letters = name.Normalize(NormalizationForm.FormC).Select(letter => letter.ToString());
        return string.Concat(letters.Select(letter => letter.Normalize(NormalizationForm.FormD).Length));
    }
}
