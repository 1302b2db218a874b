using MarketsApi.Infrastructure.Observability;
using MarketsApi.Infrastructure.Shutdown;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>The headers that every answer carries.</summary>
internal static class ResponseHeaders
{
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues NothingLoads = "default-src 'none'; frame-ancestors 'none'";
    private static readonly StringValues NoStore = "no-store";

    /// <summary>Sets them before all else, so that whatever answers can say otherwise.</summary>
    public static void UseResponseHeaders(this WebApplication app)
    {
        var draining = app.Services.GetRequiredService<Draining>();
        app.Use(
            (context, next) =>
            {
                Set(context);
                if (draining.IsOn)
                {
                    context.Response.OnStarting(CloseConnection, context);
                }

                return next(context);
            }
        );
    }

    /// <summary>Sets them again, where an answer has been begun anew.</summary>
    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers[RequestId.Header] = RequestId.Of(context);
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = NoReferrer;
        headers.XFrameOptions = Deny;
        headers.ContentSecurityPolicy = NothingLoads;
        // An answer may depend on who asks; nothing in between may keep it unless an endpoint says so.
        headers.CacheControl = NoStore;
        // A body beyond the limit is never read, so the connection can't be used again; its client shall know before its next request.
        if (context.Request.ContentLength > BodyRules.MaxBytes && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            headers.Connection = "close";
        }
    }

    /// <summary>Sends the client elsewhere for its next request, since this process is about to end.</summary>
    private static Task CloseConnection(object state)
    {
        var context = (HttpContext)state;
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}
