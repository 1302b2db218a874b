using System.Globalization;
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
    public static void SetEntityTag(this HttpContext context, EntityTag tag)
    {
        context.Response.Headers.ETag = tag.ToString();
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
