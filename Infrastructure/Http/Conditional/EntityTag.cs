using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Http.Conditional;

/// <summary>The entity tag of a versioned resource, <c>"version.revision"</c> (RFC 9110 section 8.8.3).</summary>
/// <param name="Version">Rises with each change of the resource's own fields.</param>
/// <param name="Revision">Rises with each change of what is counted on it.</param>
public readonly record struct EntityTag(long Version, long Revision)
{
    /// <summary>The tag as the ETag header carries it, quotes included; a compressed response adds its coding.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"\"{Version}.{Revision}\"");
}

/// <summary>Declares that an endpoint's responses carry an ETag.</summary>
internal sealed class EntityTagMetadata
{
    public static readonly EntityTagMetadata Instance = new();
}

/// <summary>Entity tags on responses (RFC 9110 section 13).</summary>
public static class EntityTagExtensions
{
    /// <summary>Declares that responses carry an ETag.</summary>
    public static TBuilder ProducesETag<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(EntityTagMetadata.Instance);

    /// <summary>Sets the ETag of a write's response; only its caller may store it, and has to ask each time whether it is still good.</summary>
    public static void SetEntityTag(this HttpContext context, EntityTag tag) => context.SetEntityTag(tag.ToString());

    /// <summary>The same for a tag as the ETag header carries it.</summary>
    internal static void SetEntityTag(this HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache";
    }

    /// <summary>Sets the ETag of a read's response, and turns it into a 304 when If-None-Match names it.</summary>
    /// <returns>Whether it is a 304, which is then complete.</returns>
    internal static bool IsNotModified(this HttpContext context, StringValues tag)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = tag;
        // The compression adds it only where the caller accepts a coding; a 304 has no body to compress at all.
        response.Headers.Append("Vary", "Accept-Encoding");
        if (request.Headers.IfNoneMatch is not { Count: > 0 } header)
        {
            return false;
        }

        // The tag that the 200 would have: If-None-Match is about the representation that the caller would get.
        var tagAsSent =
            request.Headers.AcceptEncoding.Count == 0
                ? tag.ToString()
                : context.RequestServices.GetRequiredService<EntityTagCompressionProvider>().TagAsSent(context, tag!);
        if (EntityTagCondition.Parse(header)?.Names(tagAsSent) != true)
        {
            return false;
        }

        response.Headers.ETag = tagAsSent;
        response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }
}

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
