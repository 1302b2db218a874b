using System.Diagnostics;
using MarketsApi.Infrastructure.Http.Server;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>One log line for each request, when it is answered; it also gives the request its id.</summary>
/// <remarks>
/// The line is made here rather than by the logger: events and templates would cost more than all else that a cached answer needs.
/// The logger still decides, by its level for this category, whether there is one.
/// </remarks>
internal sealed class RequestLog(
    RequestDelegate next,
    ClientAddresses clients,
    LogOutput output,
    AuditLog audit,
    ILogger<RequestLog> logger
)
{
    public Task InvokeAsync(HttpContext context)
    {
        var facts = new RequestLogContext { NewRequestId = RequestId.Assign(context), Client = clients.Of(context) };
        facts.SetOn(context);
        var started = Stopwatch.GetTimestamp();
        var answering = next(context);
        if (!answering.IsCompletedSuccessfully)
        {
            return LogWhenAnsweredAsync(answering, context, facts, started);
        }

        Log(context, facts, started);
        return answering;
    }

    private async Task LogWhenAnsweredAsync(Task answering, HttpContext context, RequestLogContext facts, long started)
    {
        try
        {
            await answering;
        }
        finally
        {
            Log(context, facts, started);
        }
    }

    private void Log(HttpContext context, RequestLogContext facts, long started)
    {
        var status = context.Response.StatusCode;
        if (
            status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
            || facts.AuditedAction is not null
        )
        {
            audit.Answered(context, facts, status);
        }

        if (logger.IsEnabled(status >= 500 ? LogLevel.Error : LogLevel.Information))
        {
            new AccessLogLine
            {
                Method = context.Request.Method,
                Path = context.Request.Path.Value ?? "",
                Status = status,
                Elapsed = Stopwatch.GetElapsedTime(started),
                RequestId = RequestId.Of(context),
                TraceId = facts.TraceId(context),
                Client = facts.Client,
                Cache = facts.Cache,
                UserId = context.Request.Headers.Authorization.Count > 0 ? Caller.Of(context).UserId : null,
            }.WriteTo(output, DateTime.UtcNow);
        }
    }
}
