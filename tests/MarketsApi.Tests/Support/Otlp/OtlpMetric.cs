namespace MarketsApi.Tests.Support.Otlp;

/// <summary>A point of a metric as it arrived.</summary>
public sealed record OtlpMetric(string Scope, string Name, string Unit, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Those of an ExportMetricsServiceRequest; gauges, sums and histograms.</summary>
    public static IEnumerable<OtlpMetric> Read(ProtobufMessage request) =>
        from resource in request.Messages(1)
        from scope in resource.Messages(2)
        from metric in scope.Messages(2)
        from data in (int[])[5, 7, 9]
        from point in metric.Message(data).Messages(1)
        select new OtlpMetric(
            scope.Message(1).Text(1),
            metric.Text(1),
            metric.Text(3),
            point.Attributes(data == 9 ? 9 : 7)
        );
}
