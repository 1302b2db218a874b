using System.Globalization;

namespace MarketsApi.Infrastructure.Http.Conditional;

/// <summary>The entity tag of a versioned resource, <c>"version.revision"</c> (RFC 9110 section 8.8.3).</summary>
/// <param name="Version">Rises with each change of the resource's own fields.</param>
/// <param name="Revision">Rises with each change of what is counted on it.</param>
public readonly record struct EntityTag(long Version, long Revision)
{
    /// <summary>The tag as the ETag header carries it, quotes included.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"\"{Version}.{Revision}\"");

    /// <summary>Whether an If-None-Match header names this tag, by weak comparison (RFC 9110 section 13.1.2).</summary>
    /// <remarks>A header that is nonsense matches nothing: the caller then gets the full answer, which is always right.</remarks>
    public bool IsNamedBy(string? ifNoneMatch)
    {
        if (string.IsNullOrEmpty(ifNoneMatch))
        {
            return false;
        }

        var own = ToString();
        foreach (var part in ifNoneMatch.AsSpan().Split(','))
        {
            var tag = ifNoneMatch.AsSpan(part).Trim();
            if (tag is "*")
            {
                return true;
            }

            if (tag.StartsWith("W/", StringComparison.Ordinal))
            {
                tag = tag[2..];
            }

            if (tag.SequenceEqual(own))
            {
                return true;
            }
        }

        return false;
    }
}
