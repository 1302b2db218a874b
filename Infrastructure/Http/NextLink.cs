using Microsoft.AspNetCore.Http.Extensions;

namespace MarketsApi.Infrastructure.Http;

/// <summary>The Link header of a page (RFC 8288).</summary>
public static class NextLink
{
    /// <summary>Declares that answers carry a Link header while there is more.</summary>
    public static TBuilder AnswersLink<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(LinkMetadata.Instance);

    /// <summary>Points to the same request with this cursor; sets nothing when there is no next page.</summary>
    public static void SetNextLink(this HttpContext context, string? cursor)
    {
        if (cursor is null)
        {
            return;
        }

        var query = new QueryBuilder(
            context.Request.Query.Where(parameter => parameter.Key is not ("cursor" or "offset"))
        )
        {
            { "cursor", cursor },
        };
        context.Response.Headers.Link = $"<{context.Request.Path}{query}>; rel=\"next\"";
    }
}
