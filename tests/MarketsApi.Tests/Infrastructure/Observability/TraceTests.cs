using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using MarketsApi.Tests.Support.Otlp;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>The spans that a collector gets.</summary>
public sealed class TraceTests(TelemetryFixture api) : IClassFixture<TelemetryFixture>
{
    [Fact]
    public async Task A_request_its_statements_its_calls_of_Redis_and_its_job_are_one_trace()
    {
        var (trace, caller) = NewTrace();
        const string secret = "Will anybody see this name in a span?";

        using var response = await api.SendAsync(
            HttpMethod.Post,
            "/api/markets?",
            $"00-{trace}-{caller}-01",
            JsonContent.Create(ApiFixture.NewMarket(secret))
        );

        Assert.Equal(201, (int)response.StatusCode);
        var request = await api.Collector.SpanAsync(span => span.TraceId == trace && span.Kind == OtlpSpan.Server);
        Assert.Equal("POST /api/markets", request.Name);
        Assert.Equal(caller, request.ParentId);
        Assert.Equal("POST", request["http.request.method"]);
        Assert.Equal("/api/markets", request["http.route"]);
        Assert.Equal("/api/markets", request["url.path"]);
        Assert.Equal("201", request["http.response.status_code"]);
        Assert.Null(request["error.type"]);

        // Beside it there may be the span of a connection that had to be opened for it.
        var statement = await api.Collector.SpanAsync(span =>
            span.ParentId == request.Id && span.Scope == "Npgsql" && span["db.query.text"] is not null
        );
        Assert.Equal("INSERT users INSERT jobs INSERT markets", statement.Name);
        Assert.Equal((trace, OtlpSpan.Client), (statement.TraceId, statement.Kind));
        Assert.Equal("postgresql", statement["db.system.name"]);
        Assert.Contains("INSERT INTO markets", statement["db.query.text"], StringComparison.Ordinal);

        var call = await api.Collector.SpanAsync(span =>
            span.TraceId == trace && span["db.system.name"] == "redis" && span.ParentId == request.Id
        );
        Assert.Equal(("EVALSHA", OtlpSpan.Client, "EVALSHA"), (call.Name, call.Kind, call["db.operation.name"]));
        Assert.NotNull(call["server.port"]);

        var job = await api.Collector.SpanAsync(span => span.TraceId == trace && span.Kind == OtlpSpan.Consumer);
        Assert.Equal("process index-market", job.Name);
        Assert.Equal(request.Id, job.ParentId);
        Assert.Equal([request.Id], job.Links);
        Assert.Equal("index-market", job["messaging.destination.name"]);
        Assert.Equal("process", job["messaging.operation.type"]);
        Assert.True(Guid.TryParse(job["messaging.message.id"], out _));
        Assert.Equal("done", job["job.outcome"]);
        await api.Collector.SpanAsync(span => span.ParentId == job.Id && span.Scope == "Npgsql");

        Assert.DoesNotContain(
            api.Collector.Spans.SelectMany(span => span.Attributes),
            attribute => attribute.Value.Contains(secret, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Responses_log_lines_and_spans_say_the_same_trace_id()
    {
        using var own = await api.SendAsync(HttpMethod.Get, $"/api/markets/{Guid.NewGuid()}");
        var (trace, caller) = NewTrace();
        using var others = await api.SendAsync(
            HttpMethod.Get,
            $"/api/markets/{Guid.NewGuid()}",
            $"00-{trace}-{caller}-01"
        );

        var ownId = Assert.Single(own.Headers.GetValues("X-Request-Id"));
        var othersId = Assert.Single(others.Headers.GetValues("X-Request-Id"));
        Assert.Equal(ownId, await TraceOfAsync(own));
        Assert.NotEqual(othersId, trace);
        Assert.Equal(trace, await TraceOfAsync(others));
        foreach (var (requestId, traceId) in ((string, string)[])[(ownId, ownId), (othersId, trace)])
        {
            var span = await api.Collector.SpanAsync(span => span.TraceId == traceId && span.Kind == OtlpSpan.Server);
            Assert.Equal(("GET /api/markets/{id}", "404"), (span.Name, span["http.response.status_code"]));
            Assert.Equal(0, span.Status);
            var line = Assert.Single(Lines(), line => line.Text("requestId") == requestId);
            Assert.Equal(traceId, line.Text("traceId"));
        }
    }

    [Fact]
    public async Task Nothing_is_recorded_of_health_checks_of_looks_for_work_and_of_traces_that_callers_do_not_record()
    {
        var (unrecorded, caller) = NewTrace();
        using var health = await api.SendAsync(HttpMethod.Get, "/health/ready");
        using var quiet = await api.SendAsync(HttpMethod.Get, "/api/markets?limit=1", $"00-{unrecorded}-{caller}-00");
        var (marker, _) = NewTrace();
        using var last = await api.SendAsync(HttpMethod.Get, "/api/markets?limit=1", $"00-{marker}-{caller}-01");
        await api.Collector.SpanAsync(span => span.TraceId == marker && span.Kind == OtlpSpan.Server);

        Assert.Equal((200, 200), ((int)health.StatusCode, (int)quiet.StatusCode));
        Assert.Equal(unrecorded, LineOf(quiet).Text("traceId"));
        Assert.All(
            api.Collector.Spans,
            span =>
            {
                Assert.NotEqual(unrecorded, span.TraceId);
                Assert.DoesNotContain("/health", span["url.path"] ?? "", StringComparison.Ordinal);
                Assert.True(span.Kind != OtlpSpan.Client || span.ParentId.Length > 0, $"{span} belongs to nothing");
            }
        );
    }

    [Fact]
    public async Task A_request_that_fails_marks_its_span()
    {
        var (trace, caller) = NewTrace();
        api.Proxy.Close();
        using var response = await api.SendAsync(HttpMethod.Get, "/api/markets?limit=2", $"00-{trace}-{caller}-01");
        api.Proxy.Open();

        Assert.Equal(503, (int)response.StatusCode);
        var span = await api.Collector.SpanAsync(span => span.TraceId == trace && span.Kind == OtlpSpan.Server);
        Assert.Equal(
            ("GET /api/markets", "503", OtlpSpan.Error),
            (span.Name, span["http.response.status_code"], span.Status)
        );
        Assert.EndsWith("Exception", span["error.type"], StringComparison.Ordinal);
        await api.Program.UntilAsync("/health/ready");
    }

    private static (string Trace, string Span) NewTrace() =>
        (ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString());

    private static async Task<string?> TraceOfAsync(HttpResponseMessage problem) =>
        (await problem.Content.ReadFromJsonAsync<JsonElement>()).Text("traceId");

    private JsonElement LineOf(HttpResponseMessage response)
    {
        var id = Assert.Single(response.Headers.GetValues("X-Request-Id"));
        return Assert.Single(Lines(), line => line.Text("requestId") == id);
    }

    private List<JsonElement> Lines() =>
        [
            .. api
                .Program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.TryGetProperty("elapsedMs", out _)),
        ];
}
