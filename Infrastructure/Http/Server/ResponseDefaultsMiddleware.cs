using MarketsApi.Infrastructure.Observability;
using MarketsApi.Infrastructure.Shutdown;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>The headers that every response carries unless its endpoint has set them.</summary>
/// <remarks>They are written when the response starts, so nothing that clears it on the way can lose them.</remarks>
internal sealed class ResponseDefaultsMiddleware
{
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues NothingLoads = "default-src 'none'; frame-ancestors 'none'";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues Close = "close";

    private readonly RequestDelegate _next;
    private readonly Draining _draining;
    private readonly bool _variesByOrigin;
    private readonly Func<object, Task> _write;

    public ResponseDefaultsMiddleware(RequestDelegate next, Draining draining, CorsSettings cors)
    {
        (_next, _draining, _variesByOrigin, _write) = (next, draining, cors.VariesByOrigin, Write);
    }

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(_write, context);
        return _next(context);
    }

    private Task Write(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers[RequestId.Header] = RequestId.Of(context);
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = NoReferrer;
        headers.XFrameOptions = Deny;
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = NothingLoads;
        }

        // A response may depend on who asks; nothing in between may keep it unless an endpoint says so.
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = NoStore;
        }

        // A cache in between must not hand what it has for one origin, or for none, to another (Fetch, CORS protocol and HTTP caches).
        if (_variesByOrigin && !headers.Vary.ToString().Contains("Origin", StringComparison.OrdinalIgnoreCase))
        {
            headers.Append("Vary", "Origin");
        }

        if (MustClose(context.Request))
        {
            headers.Connection = Close;
        }

        return Task.CompletedTask;
    }

    /// <summary>A body beyond the limit may not be read to its end, and a stopping process takes no more requests: the header tells the client before its next one.</summary>
    private bool MustClose(HttpRequest request) =>
        (_draining.IsOn || BodyRules.IsTooLarge(request))
        && !HttpProtocol.IsHttp2(request.Protocol)
        && !HttpProtocol.IsHttp3(request.Protocol);
}
