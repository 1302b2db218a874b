using System.Globalization;
using MarketsApi.Infrastructure.Observability;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Sends cached responses, with what clients and proxies need to know about their age (RFC 9111) and origin (RFC 9211).</summary>
internal static class CachedResponseWriter
{
    /// <summary>Any cache may store it, but has to revalidate it each time.</summary>
    private static readonly StringValues Public = "public, no-cache";

    /// <summary>Only the caller may keep it.</summary>
    private static readonly StringValues Private = "private, no-cache";

    private static readonly StringValues HitInMemory = "MarketsApi; hit; detail=memory";
    private static readonly StringValues HitInRedis = "MarketsApi; hit; detail=redis";
    private static readonly StringValues Miss = "MarketsApi; fwd=miss";
    private static readonly StringValues Collapsed = "MarketsApi; fwd=miss; collapsed";
    private static readonly StringValues Bypass = "MarketsApi; fwd=bypass";

    /// <summary>An item, or 304 when the caller's copy is still good.</summary>
    public static Task SendAsync(
        HttpContext context,
        CacheItem item,
        CacheSource source,
        bool isPublic,
        TimeProvider clock
    )
    {
        var headers = context.Response.Headers;
        headers.CacheControl = isPublic ? Public : Private;
        Describe(context, source, item.MadeAt, clock);
        if (!context.IsNotModified(item.TagHeader))
        {
            return JsonBody.SendAsync(context.Response, item.Body!.Value);
        }

        if (source == CacheSource.Memory && context.Request.Headers.IfNoneMatch is not ["*"])
        {
            context.IsFreeWhenNotModified();
        }

        return Task.CompletedTask;
    }

    /// <summary>A list.</summary>
    public static Task SendAsync(HttpContext context, CachedListResponse list, CacheSource source, TimeProvider clock)
    {
        if (list.Link.Count > 0)
        {
            context.Response.Headers.Link = list.Link;
        }

        Describe(context, source, list.MadeAt, clock);
        return JsonBody.SendAsync(context.Response, list.Body);
    }

    private static void Describe(HttpContext context, CacheSource source, DateTimeOffset madeAt, TimeProvider clock)
    {
        RequestLogContext.Of(context).Cache = CacheMetrics.NameOf(source);
        var headers = context.Response.Headers;
        headers["Cache-Status"] = source switch
        {
            CacheSource.Memory => HitInMemory,
            CacheSource.Redis => HitInRedis,
            CacheSource.Database => Miss,
            CacheSource.Shared => Collapsed,
            _ => Bypass,
        };
        if (source is CacheSource.Memory or CacheSource.Redis)
        {
            // Redis' values may come from an instance whose clock is ahead.
            var age = Math.Max(0, (long)(clock.GetUtcNow() - madeAt).TotalSeconds);
            headers.Age = age.ToString(CultureInfo.InvariantCulture);
        }
    }
}
