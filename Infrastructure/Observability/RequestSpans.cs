using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;
using OpenTelemetry.Trace;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Adds to the framework's span of a request what is known at its end (OpenTelemetry's conventions for HTTP): its route, by which it is also named, and its status.</summary>
/// <remarks>The span itself, its parent and what is known at its beginning come from the framework. Only in the pipeline when traces are sent.</remarks>
internal sealed class RequestSpans(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (Activity.Current is { IsAllDataRequested: true } span)
            {
                Complete(span, context);
            }
        }
    }

    private static void Complete(Activity span, HttpContext context)
    {
        var failure = context.Features.Get<IExceptionHandlerFeature>();
        var endpoint = failure?.Endpoint ?? context.GetEndpoint();
        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (endpoint?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route is { } route)
        {
            span.SetTag("http.route", route);
            span.DisplayName = $"{context.Request.Method} {route}";
        }
        else
        {
            span.DisplayName = context.Request.Method;
        }

        if (status >= 500)
        {
            span.SetTag(
                "error.type",
                failure?.Error.GetType().FullName ?? status.ToString(CultureInfo.InvariantCulture)
            );
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}

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

/// <summary>Leaves out spans of no interest: health checks, and calls of servers that no request or job makes, such as looks for jobs.</summary>
internal sealed class SpanSampler : Sampler
{
    private static readonly SamplingResult Dropped = new(SamplingDecision.Drop);

    private readonly Sampler _inner;

    /// <param name="inner">Decides about all else.</param>
    public SpanSampler(Sampler inner) => (_inner, Description) = (inner, inner.Description);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var isUnwanted = samplingParameters.Kind switch
        {
            ActivityKind.Client or ActivityKind.Internal => samplingParameters.ParentContext == default,
            ActivityKind.Server => IsHealthCheck(samplingParameters.Tags),
            _ => false,
        };
        return isUnwanted ? Dropped : _inner.ShouldSample(samplingParameters);
    }

    private static bool IsHealthCheck(IEnumerable<KeyValuePair<string, object?>>? tags)
    {
        foreach (var (name, value) in tags ?? [])
        {
            if (name == "url.path")
            {
                return value is string path && path.StartsWith("/health/", StringComparison.Ordinal);
            }
        }

        return false;
    }
}
