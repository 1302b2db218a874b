using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MarketsApi.Infrastructure.Http.Paging;

/// <summary>The result of a list that is paged by cursor: a page of it, and a Link header while there is more.</summary>
/// <typeparam name="T">What the list holds.</typeparam>
internal sealed class CursorPage<T> : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    private readonly Page<T> _page;

    /// <summary>Makes the page of rows of which one more was asked for than it holds: that one shows whether another page follows.</summary>
    /// <param name="rows">The items from the page's first on.</param>
    /// <param name="limit">The most items that the page holds.</param>
    /// <param name="binding">The list that the next page's cursor is good for: endpoint, filters, order.</param>
    /// <param name="cursorOf">Where a page ends that ends with this item.</param>
    public CursorPage(IReadOnlyList<T> rows, int limit, string binding, Func<T, Cursor> cursorOf)
    {
        var hasMore = rows.Count > limit;
        IReadOnlyList<T> items = hasMore ? [.. rows.Take(limit)] : rows;
        var meta = new PageMeta
        {
            Limit = limit,
            HasMore = hasMore,
            NextCursor = hasMore ? cursorOf(items[^1]).Encode(binding) : null,
        };
        _page = new Page<T>(items, meta);
    }

    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Page<T>), ["application/json"])
        );
        builder.Metadata.Add(LinkMetadata.Instance);
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Link = httpContext.Request.NextLink()(_page.Meta.NextCursor);
        return TypedResults.Ok(_page).ExecuteAsync(httpContext);
    }
}
