using System.Diagnostics;
using Serilog.Core;
using Serilog.Events;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Puts the request that is being answered onto each log line: ids, user, client, method and path; on those of a traced job its trace's id.</summary>
/// <remarks>The path goes without its query string, and no header goes at all: neither can then leak a secret.</remarks>
internal sealed class RequestEnricher : ILogEventEnricher
{
    private static readonly AsyncLocal<HttpContext?> OfFlow = new();

    /// <summary>The request that the present flow of work answers.</summary>
    public static HttpContext? Current
    {
        get => OfFlow.Value;
        set => OfFlow.Value = value;
    }

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (Current is { } context)
        {
            Add(logEvent, "traceId", RequestLogContext.Of(context).TraceId(context));
            Add(logEvent, "requestId", RequestId.Of(context));
            Add(logEvent, "method", context.Request.Method);
            Add(logEvent, "path", context.Request.Path.Value);
            if (RequestLogContext.Of(context).Client is { } client)
            {
                Add(logEvent, "client", client.ToString());
            }

            if (Caller.Of(context).UserId is { } userId)
            {
                Add(logEvent, "userId", userId.ToString());
            }
        }
        else if (Activity.Current is { } activity)
        {
            Add(logEvent, "traceId", activity.TraceId.ToHexString());
        }
    }

    private static void Add(LogEvent logEvent, string name, string? value) =>
        logEvent.AddPropertyIfAbsent(new LogEventProperty(name, new ScalarValue(value)));
}
