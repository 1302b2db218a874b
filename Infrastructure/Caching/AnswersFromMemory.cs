using MarketsApi.Infrastructure.Auth;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Gives callers without a token what memory has, past everything that is only needed to find it.</summary>
/// <remarks>With a token the same copies are given by the handlers, once the token has been found good.</remarks>
internal sealed class AnswersFromMemory(
    RequestDelegate next,
    ItemCache items,
    ListCache lists,
    CacheMetrics metrics,
    AuthSettings settings
)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (
            context.GetEndpoint() is { Metadata: var metadata }
            && metadata.GetMetadata<CacheMetadata>() is { } cached
            && context.Request.Headers.Authorization.Count == 0
            && PermissionGate.IsOpen(metadata.GetMetadata<PermissionRequirement>(), settings)
        )
        {
            return cached.IdParameter is { } parameter ? AnswerItem(context, parameter) : AnswerList(context);
        }

        return next(context);
    }

    private Task AnswerItem(HttpContext context, string parameter)
    {
        if (
            !context.Request.QueryString.HasValue
            && Guid.TryParseExact(context.Request.RouteValues[parameter] as string, "D", out var id)
            && items.FindInMemory(id) is { IsAbsent: false } item
        )
        {
            metrics.Answered("item", CacheSource.Memory);
            return CachedAnswers.SendAsync(context, item, CacheSource.Memory, isPublic: true);
        }

        return next(context);
    }

    private Task AnswerList(HttpContext context)
    {
        if (lists.FindInMemory(context.Request.QueryString.Value ?? "") is { } list)
        {
            metrics.Answered("list", CacheSource.Memory);
            return CachedAnswers.SendAsync(context, list, CacheSource.Memory);
        }

        return next(context);
    }
}
