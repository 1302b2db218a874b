using System.Diagnostics;
using OpenTelemetry.Trace;

namespace MarketsApi.Infrastructure.Observability;

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
