using MarketsApi.Infrastructure.Observability;

namespace MarketsApi.Infrastructure.Http;

/// <summary>The headers that every answer carries.</summary>
internal static class ResponseHeaders
{
    /// <summary>Sets them as the answer starts, so that they outlive an error handler that begins the answer anew.</summary>
    public static void UseResponseHeaders(this WebApplication app) =>
        app.Use(
            static (context, next) =>
            {
                context.Response.OnStarting(Stamp, context);
                return next(context);
            }
        );

    private static Task Stamp(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers[RequestId.Header] = RequestId.Of(context);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        }

        // An answer may depend on who asks; nothing in between may keep it unless an endpoint says so.
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        // A body beyond the limit is never read, so the connection can't be used again; its client shall know before its next request.
        if (
            context.Request.ContentLength > RequestShape.MaxBodyBytes
            && HttpProtocol.IsHttp11(context.Request.Protocol)
        )
        {
            headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}
