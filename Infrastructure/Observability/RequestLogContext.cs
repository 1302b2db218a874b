using System.Diagnostics;
using System.Net;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>What is known of the request that is being answered, for its log lines and its answer.</summary>
internal sealed class RequestLogContext
{
    private string? _traceId;

    /// <summary>The request's id, when it is a new one.</summary>
    public string? NewRequestId { get; init; }

    /// <summary>Where the request comes from, proxies taken away; null when the server doesn't know.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>How the cache answered, when it was asked.</summary>
    public string? Cache { get; set; }

    /// <summary>The name of the audit event that it is, when it is one of its own accord.</summary>
    public string? AuditedAction { get; set; }

    /// <summary>What that was done to.</summary>
    public string? AuditedTarget { get; set; }

    /// <summary>What else there is to say about it.</summary>
    public IReadOnlyList<(string Name, object? Value)> AuditedMembers { get; set; } = [];

    /// <summary>What was wrong with its token, in a word, when something was.</summary>
    public string? TokenError { get; set; }

    /// <summary>What the rate limits say to it, when it counts.</summary>
    public RateLimitLease? RateLimit { get; set; }

    /// <summary>The facts of this request.</summary>
    public static RequestLogContext Of(HttpContext context)
    {
        if (context.Features[typeof(RequestLogContext)] is not RequestLogContext facts)
        {
            (facts = new RequestLogContext()).SetOn(context);
        }

        return facts;
    }

    /// <summary>Makes these the facts of a request.</summary>
    /// <remarks>By the key: the generic method costs several times as much on each request.</remarks>
    public void SetOn(HttpContext context) => context.Features[typeof(RequestLogContext)] = this;

    /// <summary>The id of the trace that the request belongs to (W3C Trace Context): the one that tracing has begun, the caller's, or a new one.</summary>
    /// <remarks>A malformed traceparent starts a new trace, as the recommendation asks (section 3.2.2).</remarks>
    public string TraceId(HttpContext context) =>
        Activity.Current is { } activity
            ? activity.TraceId.ToHexString()
            : _traceId ??=
                context.Request.Headers.TraceParent is [{ } sent]
                && ActivityContext.TryParse(sent, null, isRemote: true, out var parent)
                    ? parent.TraceId.ToHexString()
                    // A new request's id has the form of a trace's (16 random bytes in hexadecimal), so it begins one under the same name.
                    : NewRequestId ?? ActivityTraceId.CreateRandom().ToHexString();
}
