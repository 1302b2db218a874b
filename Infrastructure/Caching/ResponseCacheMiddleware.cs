namespace MarketsApi.Infrastructure.Caching;

/// <summary>Gives callers without a token what is in memory, past everything that is only needed to find it. All else is the endpoint's.</summary>
/// <remarks>With a token the same is given by the handlers, once the token's permissions have been looked at.</remarks>
internal sealed class ResponseCacheMiddleware(
    RequestDelegate next,
    ItemCache items,
    ListCache lists,
    CacheMetrics metrics,
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
            && PermissionRequirement.Of(metadata)?.IsOpen(settings) == true
        )
        {
            return cached.IdParameter is { } parameter ? SendItem(context, parameter) : SendList(context);
        }

        return next(context);
    }

    private Task SendItem(HttpContext context, string idParameter)
    {
        if (
            context.Request.QueryString.HasValue
            || context.Request.RouteValues[idParameter] is not string id
            || !Uuid.IsValid(id)
            || items.FindInMemory(Guid.Parse(id)) is not { IsAbsent: false } item
        )
        {
            return next(context);
        }

        metrics.CountResponse("item", CacheSource.Memory);
        return CachedResponseWriter.SendAsync(context, item, CacheSource.Memory, isPublic: true, clock);
    }

    private Task SendList(HttpContext context)
    {
        if (lists.FindInMemory(ListCache.AddressOf(context.Request)) is not { } list)
        {
            return next(context);
        }

        metrics.CountResponse("list", CacheSource.Memory);
        return CachedResponseWriter.SendAsync(context, list, CacheSource.Memory, clock);
    }
}
