using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Http.Conditional;

/// <summary>Gives a compressed response an entity tag of its own: <c>"3.17"</c> becomes <c>"3.17-gzip"</c> (RFC 9110 section 8.8.3.3).</summary>
/// <remarks>Weakening the tag instead would make it useless in If-Match.</remarks>
internal sealed class EntityTagCompressionProvider(
    IServiceProvider services,
    IOptions<ResponseCompressionOptions> options
) : ResponseCompressionProvider(services, options)
{
    /// <inheritdoc/>
    public override ICompressionProvider? GetCompressionProvider(HttpContext context)
    {
        var provider = base.GetCompressionProvider(context);
        var headers = context.Response.Headers;
        if (provider is not null && headers.ETag is { Count: > 0 } tag)
        {
            headers.ETag = Coded(tag!, provider);
        }

        return provider;
    }

    /// <summary>What compresses responses to this request; null when its caller accepts no coding.</summary>
    public ICompressionProvider? FindFor(HttpContext context) => base.GetCompressionProvider(context);

    /// <summary>The tag that this one becomes in a response to this request.</summary>
    public string TagAsSent(HttpContext context, string tag) =>
        FindFor(context) is { } provider ? Coded(tag, provider) : tag;

    private static string Coded(string tag, ICompressionProvider provider) => $"{tag[..^1]}-{provider.EncodingName}\"";
}
