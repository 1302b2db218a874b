using System.Diagnostics;
using MarketsApi.Infrastructure.Auth;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>One log line for each request, when it is answered; it also gives the request its id.</summary>
/// <remarks>
/// The line is made here rather than by the logger: events and templates would cost more than all else that a cached answer needs.
/// The logger still decides, by its level for this category, whether there is one.
/// </remarks>
internal sealed class RequestLog(RequestDelegate next, LogOutput output, ILogger<RequestLog> logger)
{
    private static readonly string Category = typeof(RequestLog).FullName!;

    public Task InvokeAsync(HttpContext context)
    {
        RequestId.Assign(context);
        var started = Stopwatch.GetTimestamp();
        var answering = next(context);
        if (!answering.IsCompletedSuccessfully)
        {
            return LogWhenAnsweredAsync(answering, context, started);
        }

        Log(context, started);
        return answering;
    }

    private async Task LogWhenAnsweredAsync(Task answering, HttpContext context, long started)
    {
        try
        {
            await answering;
        }
        finally
        {
            Log(context, started);
        }
    }

    private void Log(HttpContext context, long started)
    {
        var status = context.Response.StatusCode;
        var level = status >= 500 ? LogLevel.Error : LogLevel.Information;
        if (!logger.IsEnabled(level))
        {
            return;
        }

        var facts = RequestFacts.Of(context);
        var line = LogLine.Begin(DateTime.UtcNow, status >= 500 ? "Error" : "Information", "Request answered");
        line.Json.WriteNumber("status"u8, status);
        line.Json.WriteNumber("elapsedMs"u8, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 3));
        line.Json.WriteString("SourceContext"u8, Category);
        line.Json.WriteString("traceId"u8, facts.TraceId(context));
        line.Json.WriteString("requestId"u8, RequestId.Of(context));
        line.Json.WriteString("method"u8, context.Request.Method);
        line.Json.WriteString("path"u8, context.Request.Path.Value);
        if (facts.Cache is { } cache)
        {
            line.Json.WriteString("cache"u8, cache);
        }

        if (Caller.Of(context).UserId is { } userId)
        {
            line.Json.WriteString("userId"u8, userId);
        }

        line.EndTo(output);
    }
}
