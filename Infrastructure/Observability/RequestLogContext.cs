using System.Diagnostics;
using System.Net;
using Serilog.Core;
using Serilog.Events;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>What log lines and the response say of a request.</summary>
/// <remarks>
/// Kestrel uses an HttpContext for one request after another, so nothing here reads it later: work that outlives its request must not be
/// logged as the next one's. The path goes without its query string, and no header goes at all: neither can then leak a secret.
/// </remarks>
internal sealed class RequestLogContext
{
    private static readonly AsyncLocal<RequestLogContext?> OfFlow = new();

    /// <summary>The address in it is the proxy's until UseForwardedHeaders has run.</summary>
    private ConnectionInfo? _connection;

    private volatile bool _hasEnded;

    private RequestLogContext(HttpContext context, string? newRequestId)
    {
        _connection = context.Connection;
        Id = RequestId.Of(context);
        TraceId = TraceIdOf(context, newRequestId);
        Method = context.Request.Method;
        Path = context.Request.Path.Value ?? "";
    }

    /// <summary>The request that the present flow of work belongs to; null outside of requests, and once it has ended.</summary>
    public static RequestLogContext? Current => OfFlow.Value is { _hasEnded: false } current ? current : null;

    public string Id { get; }

    /// <summary>The trace that the request belongs to (W3C Trace Context): the one that tracing has begun, the caller's, or a new one.</summary>
    public string TraceId { get; }

    public string Method { get; }

    public string Path { get; }

    /// <summary>Where the request comes from, without known proxies; null when the server doesn't know, and once the request has ended.</summary>
    public IPAddress? Client =>
        _connection?.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped
            ? mapped.MapToIPv4()
            : _connection?.RemoteIpAddress;

    /// <summary>The user of its token, once that has been found good.</summary>
    public Guid? UserId { get; set; }

    /// <summary>How the cache responded, when it was asked.</summary>
    public string? Cache { get; set; }

    /// <summary>The name of the audit event that it is, when it is one whatever its status.</summary>
    public string? AuditedAction { get; set; }

    /// <summary>What that was done to.</summary>
    public string? AuditedTarget { get; set; }

    /// <summary>What else there is to say about it.</summary>
    public IReadOnlyList<(string Name, object? Value)> AuditedMembers { get; set; } = [];

    /// <summary>What was wrong with its token, in a word, when something was.</summary>
    public string? TokenError { get; set; }

    /// <summary>That of this request.</summary>
    /// <remarks>By the key: the generic method costs several times as much on each request.</remarks>
    public static RequestLogContext Of(HttpContext context) =>
        context.Features[typeof(RequestLogContext)] as RequestLogContext
        ?? throw new InvalidOperationException("The request didn't pass through UseRequestLog.");

    /// <summary>Gives the request its id, and makes this the context of all log lines that come of it until <see cref="End"/>.</summary>
    public static RequestLogContext Begin(HttpContext context)
    {
        var log = new RequestLogContext(context, RequestId.Assign(context));
        context.Features[typeof(RequestLogContext)] = log;
        return OfFlow.Value = log;
    }

    /// <summary>Takes it from the flows that the request has started and that go on without it.</summary>
    public void End()
    {
        _hasEnded = true;
        _connection = null;
    }

    /// <remarks>A malformed traceparent starts a new trace, as the recommendation asks (section 3.2.2).</remarks>
    private static string TraceIdOf(HttpContext context, string? newRequestId) =>
        Activity.Current is { } activity ? activity.TraceId.ToHexString()
        : context.Request.Headers.TraceParent is [{ } sent]
        && ActivityContext.TryParse(sent, null, isRemote: true, out var parent)
            ? parent.TraceId.ToHexString()
        // A new request's id has the form of a trace's (16 random bytes in hexadecimal), so it begins one under the same name.
        : newRequestId ?? ActivityTraceId.CreateRandom().ToHexString();
}

/// <summary>Begins and ends the <see cref="RequestLogContext"/>; in front of all else, so that every line has it, those about exceptions as well.</summary>
internal sealed class RequestLogContextMiddleware(RequestDelegate next, AuditLog audit)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var log = RequestLogContext.Begin(context);
        try
        {
            await next(context);
        }
        finally
        {
            audit.WriteFor(log, context.Response.StatusCode);
            log.End();
        }
    }
}

/// <summary>Puts the request that a log line comes from onto it, and the trace's id onto those of traced jobs.</summary>
internal sealed class RequestLogEnricher : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (RequestLogContext.Current is { } request)
        {
            Add(logEvent, "traceId", request.TraceId);
            Add(logEvent, "requestId", request.Id);
            Add(logEvent, "method", request.Method);
            Add(logEvent, "path", request.Path);
            Add(logEvent, "client", request.Client?.ToString());
            Add(logEvent, "userId", request.UserId?.ToString());
        }
        else
        {
            Add(logEvent, "traceId", logEvent.TraceId?.ToHexString());
        }
    }

    private static void Add(LogEvent logEvent, string name, string? value)
    {
        if (value is not null)
        {
            logEvent.AddPropertyIfAbsent(new LogEventProperty(name, new ScalarValue(value)));
        }
    }
}
