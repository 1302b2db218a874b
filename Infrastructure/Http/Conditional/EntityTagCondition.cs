using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Http.Conditional;

/// <summary>The value of If-Match or If-None-Match: <c>*</c>, or a list of entity tags (RFC 9110 sections 8.8.3 and 13.1).</summary>
/// <remarks>
/// <c>EntityTagHeaderValue</c> of the framework also takes blanks and backslash escapes inside a tag, <c>w/</c>, and <c>*</c> in a list.
/// </remarks>
internal sealed partial class EntityTagCondition
{
    /// <summary>Null for <c>*</c>.</summary>
    private readonly IReadOnlyList<string>? _tags;

    private EntityTagCondition(IReadOnlyList<string>? tags) => _tags = tags;

    /// <summary>Null for a header that is malformed.</summary>
    public static EntityTagCondition? Parse(StringValues header)
    {
        var text = header.ToString().Trim(' ', '\t');
        if (text == "*")
        {
            return new EntityTagCondition(null);
        }

        var list = TagList().Match(text);
        return list.Success ? new EntityTagCondition([.. list.Groups[1].Captures.Select(tag => tag.Value)]) : null;
    }

    /// <summary>Whether this tag is named, by weak comparison.</summary>
    public bool Names(string tag) => _tags is null || _tags.Any(named => Opaque(named) == Opaque(tag));

    /// <summary>Whether a tag of this version is named, whatever its revision and coding.</summary>
    /// <param name="version">The version.</param>
    /// <param name="weakly">Whether a weak tag counts.</param>
    public bool NamesVersion(long version, bool weakly)
    {
        var number = version.ToInvariant();
        return _tags is null
            || _tags.Any(tag => (weakly || !IsWeak(tag)) && VersionTag().Match(Opaque(tag)).Groups[1].Value == number);
    }

    private static bool IsWeak(string tag) => tag.StartsWith("W/", StringComparison.Ordinal);

    private static string Opaque(string tag) => IsWeak(tag) ? tag[2..] : tag;

    /// <remarks>A list may have empty elements (RFC 9110 section 5.6.1), but not only those.</remarks>
    [GeneratedRegex("""^[ \t,]*(?:((?:W/)?"[!#-~\u0080-\uffff]*")[ \t]*(?:,[ \t,]*|$))+$""")]
    private static partial Regex TagList();

    /// <summary>As we write it: no sign, no zero in front.</summary>
    [GeneratedRegex("""^"(0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)(?:-(?:gzip|br))?)?"$""")]
    private static partial Regex VersionTag();
}
