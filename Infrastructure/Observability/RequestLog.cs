using System.Diagnostics;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>One log event for each request, when it is answered; it also gives the request its id.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        RequestId.Assign(context);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var level = context.Response.StatusCode >= 500 ? LogLevel.Error : LogLevel.Information;
            var elapsed = Stopwatch.GetElapsedTime(started);
            Answered(level, context.Response.StatusCode, elapsed.TotalMilliseconds);
        }
    }

    /// <remarks>Method, path, user and ids come from <see cref="RequestEnricher"/>, on this line as on every other of the request.</remarks>
    [LoggerMessage(Message = "Request answered with {status} in {elapsedMs} ms")]
    private partial void Answered(LogLevel level, int status, double elapsedMs);
}
