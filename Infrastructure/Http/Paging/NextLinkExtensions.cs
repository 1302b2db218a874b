using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Http.Paging;

/// <summary>The Link header of a page (RFC 8288).</summary>
public static class NextLinkExtensions
{
    /// <summary>Declares that answers carry a Link header while there is more.</summary>
    public static TBuilder ProducesLink<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(LinkMetadata.Instance);

    /// <summary>Makes the header's value, which points to the same request with a cursor; empty when there is no next page.</summary>
    /// <remarks>It holds what it needs of the request, and may be used when that has ended.</remarks>
    public static Func<string?, StringValues> NextLink(this HttpRequest request)
    {
        var path = request.Path;
        var parameters = request.Query.Where(parameter => parameter.Key is not ("cursor" or "offset"));
        return cursor =>
            cursor is null
                ? default(StringValues)
                : $"<{path}{new QueryBuilder(parameters) { { "cursor", cursor } }}>; rel=\"next\"";
    }
}
