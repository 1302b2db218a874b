using System.Diagnostics;
using MarketsApi.Infrastructure.Observability;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Attempts at jobs as spans (OpenTelemetry's conventions for messaging), in the trace of the request that queued the job.</summary>
internal static class JobSpans
{
    private static readonly ActivitySource Source = new("MarketsApi.Jobs");

    /// <summary>Begins the span of an attempt, which then is the present one; null when nobody listens.</summary>
    /// <remarks>A child, so that the request's trace shows what came of it and both are recorded or neither; and linked, as the conventions ask.</remarks>
    public static Activity? Start(ClaimedJob job)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var queuedBy = TraceParent.Parse(job.TraceParent);
        return Source.StartActivity(
            $"process {job.Kind}",
            ActivityKind.Consumer,
            queuedBy,
            [
                new("messaging.system", "marketsapi"),
                new("messaging.operation.name", "process"),
                new("messaging.operation.type", "process"),
                new("messaging.destination.name", job.Kind),
                new("messaging.message.id", job.Id.ToString()),
                new("job.attempt", job.Attempts),
            ],
            queuedBy == default ? [] : [new ActivityLink(queuedBy)]
        );
    }

    /// <summary>Says how the attempt has ended.</summary>
    public static void End(this Activity? span, string outcome, Exception? exception = null)
    {
        span?.SetTag("job.outcome", outcome);
        if (exception is not null)
        {
            span.Fail(exception);
        }
    }
}
