using System.Globalization;

namespace MarketsApi.Infrastructure.Http.Conditional;

/// <summary>The precondition of a write: which versions the caller is willing to change (RFC 9110 section 13.1.1).</summary>
/// <remarks>Only the version part counts, so that a position opened meanwhile doesn't refuse an edit of the name.</remarks>
public sealed class IfMatch
{
    private const string Separators = ", \t";

    private readonly bool _any;
    private readonly IReadOnlyList<long> _versions;

    private IfMatch(bool any, IReadOnlyList<long> versions)
    {
        _any = any;
        _versions = versions;
    }

    /// <summary>Whether the write may go on against this version.</summary>
    public bool Allows(long version) => _any || _versions.Contains(version);

    /// <summary>Reads <c>*</c> or a list of entity tags; weak and foreign tags are well-formed and match nothing.</summary>
    public static bool TryParse(string? text, out IfMatch? result)
    {
        result = null;
        if (text is null)
        {
            return false;
        }

        var rest = text.AsSpan().Trim();
        if (rest is "*")
        {
            result = new IfMatch(true, []);
            return true;
        }

        // A list may have empty elements (RFC 9110 section 5.6.1), but not only those.
        rest = rest.Trim(Separators);
        var versions = new List<long>();
        while (TryTakeTag(ref rest, out var weak, out var opaque))
        {
            if (!weak && TryReadVersion(opaque, out var version))
            {
                versions.Add(version);
            }

            if (rest.IsEmpty)
            {
                result = new IfMatch(false, versions);
                return true;
            }

            if (rest[0] != ',')
            {
                return false;
            }

            rest = rest.TrimStart(Separators);
        }

        return false;
    }

    private static bool TryTakeTag(ref ReadOnlySpan<char> rest, out bool weak, out ReadOnlySpan<char> opaque)
    {
        opaque = default;
        weak = rest.StartsWith("W/", StringComparison.Ordinal);
        var tag = weak ? rest[2..] : rest;
        if (tag.IsEmpty || tag[0] != '"')
        {
            return false;
        }

        var end = tag[1..].IndexOf('"');
        if (end < 0)
        {
            return false;
        }

        opaque = tag[1..(end + 1)];
        rest = tag[(end + 2)..].TrimStart();
        // etagc of RFC 9110: no blanks and no control characters inside the quotes.
        return !opaque.ContainsAnyInRange('\0', ' ') && !opaque.Contains('\u007f');
    }

    private static bool TryReadVersion(ReadOnlySpan<char> opaque, out long version)
    {
        var dot = opaque.IndexOf('.');
        var number = dot < 0 ? opaque : opaque[..dot];
        var revision = dot < 0 ? "0" : opaque[(dot + 1)..];
        return IsNumber(number, out version) & IsNumber(revision, out _);
    }

    /// <summary>As we write it: no sign, no zero in front.</summary>
    private static bool IsNumber(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
        && (text.Length == 1 || text[0] != '0');
}
