using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>The metrics that a collector gets.</summary>
public sealed class MetricTests(TelemetryFixture api) : IClassFixture<TelemetryFixture>
{
    [Fact]
    public async Task Requests_are_measured_by_route_and_status_also_those_served_from_memory()
    {
        using var created = await api.SendAsync(
            HttpMethod.Post,
            "/api/markets",
            content: JsonContent.Create(ApiFixture.NewMarket())
        );
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").Id();
        // Not at once where Redis was slow and is left alone for a while.
        await Eventually.UntilAsync(async () =>
        {
            using var response = await api.SendAsync(HttpMethod.Get, $"/api/markets/{id}");
            return response
                .Headers.GetValues("Cache-Status")
                .Single()
                .Contains("detail=memory", StringComparison.Ordinal);
        });
        await ArrivesAsync(
            "http.server.request.duration",
            ("http.request.method", "POST"),
            ("http.route", "/api/markets"),
            ("http.response.status_code", "201")
        );
        await ArrivesAsync(
            "http.server.request.duration",
            ("http.request.method", "GET"),
            ("http.route", "/api/markets/{id}"),
            ("http.response.status_code", "200")
        );
        await ArrivesAsync("cache.responses", ("cache.kind", "item"), ("cache.source", "memory"));
    }

    [Fact]
    public async Task Pool_queue_and_runtime_are_measured()
    {
        using var created = await api.SendAsync(
            HttpMethod.Post,
            "/api/markets",
            content: JsonContent.Create(ApiFixture.NewMarket())
        );

        Assert.Equal(201, (int)created.StatusCode);
        await ArrivesAsync("jobs.run.duration", ("job.kind", "index-market"), ("job.outcome", "done"));
        await ArrivesAsync("jobs.wait.duration", ("job.kind", "index-market"));
        // A first failure is an increase only if the count was exported at 0 before.
        await ArrivesAsync("jobs.failures", ("job.kind", "index-market"), ("job.final", "true"));
        await ArrivesAsync("jobs.depth");
        await ArrivesAsync(
            "db.client.connection.count",
            ("db.client.connection.pool.name", "postgres"),
            ("db.client.connection.state", "idle")
        );
        await ArrivesAsync("db.client.operation.duration", ("db.client.connection.pool.name", "postgres"));
        await ArrivesAsync("dotnet.process.memory.working_set");
    }

    [Fact]
    public async Task The_sender_says_who_it_is_and_shows_the_key()
    {
        await ArrivesAsync("cache.redis.up");

        Assert.All(api.Collector.Keys, key => Assert.Equal("a-key", key));
        Assert.All(
            api.Collector.Resources,
            resource =>
            {
                Assert.Equal("markets-under-test", resource["service.name"]);
                Assert.Equal("tests", resource["deployment.environment.name"]);
                Assert.NotEqual("", resource["service.instance.id"]);
            }
        );
    }

    private async Task ArrivesAsync(string name, params (string Name, string Value)[] attributes) =>
        await api.Collector.MetricAsync(metric =>
            metric.Name == name
            && attributes.All(attribute => metric.Attributes.GetValueOrDefault(attribute.Name) == attribute.Value)
        );
}
