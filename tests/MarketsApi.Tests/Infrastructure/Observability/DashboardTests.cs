using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>What is queried in deploy/ is what the program says.</summary>
public sealed partial class DashboardTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string Alerts = Read("deploy/prometheus/alerts.yaml");

    [Fact]
    public async Task Each_metric_of_the_dashboard_exists()
    {
        using var dashboard = JsonDocument.Parse(Read("deploy/grafana/marketsapi.json"));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        var expressions = panels
            .Where(panel => panel.Text("type") != "row")
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.Text("expr")!)
            .ToList();

        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        await AssertExistAsync(expressions, atLeast: 20);
    }

    [Fact]
    public async Task Each_metric_of_the_alerts_exists() =>
        await AssertExistAsync(
            [.. Expression().Matches(Alerts).Select(match => match.Groups["text"].Value)],
            atLeast: 8
        );

    [Fact]
    public void Each_alert_has_its_line_in_the_runbook()
    {
        var headings = Heading()
            .Matches(Read("docs/telemetry.md"))
            .Select(match => match.Groups["text"].Value)
            .ToList();
        var names = AlertName().Matches(Alerts).Select(match => match.Groups["text"].Value).ToList();
        var links = Runbook().Matches(Alerts).Select(match => match.Groups["text"].Value).ToList();

        Assert.True(names.Count >= 10, "found no alerts to check");
        Assert.Equal(names.Count, Expression().Count(Alerts));
        Assert.Equal(names.Select(name => $"docs/telemetry.md#{name.ToLowerInvariant()}"), links);
        Assert.All(names, name => Assert.Contains(name, headings));
    }

    private async Task AssertExistAsync(List<string> expressions, int atLeast)
    {
        var existing = (await InstrumentsAsync()).SelectMany(PrometheusName.Of).ToHashSet();
        var queried = expressions.SelectMany(PrometheusName.QueriedBy).Distinct().ToList();

        Assert.All(expressions, expression => Assert.NotEmpty(PrometheusName.QueriedBy(expression)));
        Assert.True(queried.Count >= atLeast, $"found only {string.Join(", ", queried)}");
        Assert.All(
            queried,
            name => Assert.True(existing.Contains(name), $"{name} is not one of {string.Join(", ", existing.Order())}")
        );
    }

    /// <summary>Those of the meters that telemetry exports, once the program has served a request.</summary>
    private async Task<IReadOnlyCollection<Instrument>> InstrumentsAsync()
    {
        await api.CreateMarketAsync();
        api.Host.Services.GetRequiredService<EmbeddingMetrics>();
        var found = new ConcurrentBag<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (Meter().IsMatch(instrument.Meter.Name))
                {
                    found.Add(instrument);
                }
            },
        };
        listener.Start();
        return found;
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(SourceTree.Root, path));

    [GeneratedRegex(@"^(Microsoft\.AspNetCore\..*|Npgsql|System\.Runtime|MarketsApi\..*)$")]
    private static partial Regex Meter();

    [GeneratedRegex(@"(?m)^\s*- alert: (?<text>\w+)$")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"(?m)^\s*expr: (?<text>.+)$")]
    private static partial Regex Expression();

    [GeneratedRegex(@"(?m)^\s*runbook_url: (?<text>\S+)$")]
    private static partial Regex Runbook();

    [GeneratedRegex(@"(?m)^#+ (?<text>.+)$")]
    private static partial Regex Heading();
}
