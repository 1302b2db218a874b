namespace MarketsApi.Infrastructure.Http;

/// <summary>What every list that is paged by cursor does alike with the rows of its statement.</summary>
internal static class PageExtensions
{
    /// <summary>Makes the page, and sets the Link header, of rows of which one more was asked for than the page holds: it shows whether another follows.</summary>
    /// <param name="context">The request that asks for the page.</param>
    /// <param name="rows">The items from the page's first on.</param>
    /// <param name="limit">The most items that the page holds.</param>
    /// <param name="binding">The list that the next page's cursor is good for: endpoint, filters, order.</param>
    /// <param name="cursorOf">Where a page ends that ends with this item.</param>
    public static Page<T> PageOf<T>(
        this HttpContext context,
        IReadOnlyList<T> rows,
        int limit,
        string binding,
        Func<T, Cursor> cursorOf
    )
    {
        var hasMore = rows.Count > limit;
        IReadOnlyList<T> items = hasMore ? [.. rows.Take(limit)] : rows;
        var nextCursor = hasMore ? cursorOf(items[^1]).Encode(binding) : null;
        context.Response.Headers.Link = context.Request.NextLink()(nextCursor);
        var meta = new PageMeta
        {
            Limit = limit,
            HasMore = hasMore,
            NextCursor = nextCursor,
        };
        return new Page<T>(items, meta);
    }
}
