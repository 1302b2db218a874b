namespace MarketsApi.Infrastructure.Http.Conditional;

/// <summary>Conditional requests (RFC 9110 section 13), as declarations of an endpoint.</summary>
public static class EntityTagExtensions
{
    /// <summary>Declares that answers carry an ETag and, on a read, that If-None-Match is understood.</summary>
    public static TBuilder ProducesETag<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(EntityTagMetadata.Instance);

    /// <summary>Sets the ETag; such an answer may be kept by its caller alone, who asks each time whether it is still good.</summary>
    public static void SetEntityTag(this HttpContext context, EntityTag tag)
    {
        context.Response.Headers.ETag = tag.ToString();
        context.Response.Headers.CacheControl = "private, no-cache";
    }
}
