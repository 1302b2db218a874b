using System.Diagnostics;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>How spans say that what they stand for went wrong (OpenTelemetry semantic conventions, error.type).</summary>
internal static class SpanErrors
{
    /// <summary>Marks the span, if there is one, as failed with this kind of exception; messages stay out, since they may name what callers sent.</summary>
    public static void Fail(this Activity? span, Exception exception)
    {
        span?.SetTag("error.type", exception.GetType().FullName);
        span?.SetStatus(ActivityStatusCode.Error);
    }
}
