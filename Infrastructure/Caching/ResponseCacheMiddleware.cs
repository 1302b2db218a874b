using MarketsApi.Infrastructure.Http.Server;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Gives callers without a token what is kept, past everything that is only needed to find it.</summary>
/// <remarks>With a token the same is given by the handlers, once the token has been found good.</remarks>
internal sealed class ResponseCacheMiddleware(
    RequestDelegate next,
    ItemCache items,
    ListCache lists,
    Database database,
    CacheMetrics metrics,
    RequestTimeLimit limit,
    AuthSettings settings,
    TimeProvider clock
)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (
            context.GetEndpoint() is { Metadata: var metadata }
            && metadata.GetMetadata<CacheMetadata>() is { } cached
            && context.Request.Headers is { Authorization.Count: 0, IfMatch.Count: 0 }
            && PermissionGate.IsOpen(metadata.GetMetadata<PermissionRequirement>(), settings)
        )
        {
            return cached.Item is { } source ? AnswerItem(context, source) : AnswerList(context);
        }

        return next(context);
    }

    private Task AnswerItem(HttpContext context, CacheMetadata.Source source)
    {
        if (
            context.Request.QueryString.HasValue
            || !Guid.TryParseExact(context.Request.RouteValues[source.IdParameter] as string, "D", out var id)
        )
        {
            return next(context);
        }

        if (items.FindInMemory(id) is not { } item)
        {
            return limit.RunAsync(context, limited => FindItemAsync(limited, source, id));
        }

        if (item.IsAbsent)
        {
            return next(context);
        }

        metrics.Answered("item", CacheSource.Memory);
        return CachedResponseWriter.SendAsync(context, item, CacheSource.Memory, isPublic: true, clock);
    }

    private async Task FindItemAsync(HttpContext context, CacheMetadata.Source source, Guid id)
    {
        var answer = await items.FindAsync(
            source.Kind,
            id,
            token => source.Load(database, id, token),
            context.RequestAborted
        );
        await (
            answer.Item is { IsAbsent: false, OnlyFor: null }
                ? CachedResponseWriter.SendAsync(context, answer.Item, answer.Source, isPublic: true, clock)
                : next(context)
        );
    }

    private Task AnswerList(HttpContext context)
    {
        if (lists.FindInMemory(ListCache.AddressOf(context.Request)) is { } list)
        {
            metrics.Answered("list", CacheSource.Memory);
            return CachedResponseWriter.SendAsync(context, list, CacheSource.Memory, clock);
        }

        return next(context);
    }
}
