using System.Reflection;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Http.Paging;

/// <summary>The result of a list that is paged by cursor: a page of it, and a Link header while there is more.</summary>
/// <typeparam name="T">What the list holds.</typeparam>
internal sealed class CursorPage<T> : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    private readonly Page<T> _page;

    /// <summary>Builds the page from one row more than it holds: the extra row shows whether another page follows.</summary>
    /// <param name="rows">The items from the page's first on.</param>
    /// <param name="limit">The most items that the page holds.</param>
    /// <param name="binding">The list that the next page's cursor is good for: endpoint, filters, order.</param>
    /// <param name="cursorOf">Where a page ends that ends with this item.</param>
    /// <param name="fits">Whether an item goes on this page, where not only their number bounds it; at least the first one does.</param>
    public CursorPage(
        IReadOnlyList<T> rows,
        int limit,
        string binding,
        Func<T, Cursor> cursorOf,
        Func<T, bool>? fits = null
    )
    {
        IReadOnlyList<T> items =
        [
            .. rows.Take(limit).TakeWhile((row, index) => index == 0 || fits?.Invoke(row) != false),
        ];
        var hasMore = rows.Count > items.Count;
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

/// <summary>Declares that an endpoint's responses carry a Link header.</summary>
internal sealed class LinkMetadata
{
    public static readonly LinkMetadata Instance = new();
}

/// <summary>The Link header of a page (RFC 8288).</summary>
public static class NextLinkExtensions
{
    /// <summary>Declares that responses carry a Link header while there is more.</summary>
    public static TBuilder ProducesLink<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(LinkMetadata.Instance);

    /// <summary>Builds the header's value, which points to the same request with a cursor; empty when there is no next page.</summary>
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
