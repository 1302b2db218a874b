using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>What Prometheus calls an instrument that it gets by OTLP (OpenTelemetry's specification, "Prometheus and OpenMetrics Compatibility").</summary>
public static partial class PrometheusName
{
    /// <summary>The names that can be queried: several for a histogram.</summary>
    public static IEnumerable<string> Of(Instrument instrument)
    {
        var name = NoLetter().Replace(instrument.Name, "_") + UnitOf(instrument.Unit);
        return KindOf(instrument) switch
        {
            "Histogram" => [name + "_bucket", name + "_count", name + "_sum"],
            "Counter" or "ObservableCounter" => [name + "_total"],
            _ => [name],
        };
    }

    /// <summary>The metrics that an expression queries.</summary>
    public static IEnumerable<string> QueriedBy(string expression) =>
        Metric().Matches(Noise().Replace(expression, " ")).Select(match => match.Value).Distinct();

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0];

    private static string UnitOf(string? unit) =>
        unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            null or "" => "",
            ['{', ..] => "",
            _ => throw new NotSupportedException($"The unit {unit} is not expected here."),
        };

    [GeneratedRegex("[^a-zA-Z0-9_]")]
    private static partial Regex NoLetter();

    /// <summary>Labels, ranges, groupings, and Grafana's variables.</summary>
    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|\b(?:by|on|without|ignoring)\s*\([^)]*\)|\$\w+")]
    private static partial Regex Noise();

    /// <summary>A name that is neither a function nor an operator.</summary>
    [GeneratedRegex(@"\b[a-z_][a-z0-9_]*_[a-z0-9_]*\b(?!\s*\()")]
    private static partial Regex Metric();
}
