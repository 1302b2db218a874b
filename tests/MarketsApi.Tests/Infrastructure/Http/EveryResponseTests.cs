using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

/// <summary>What every response has, with or without an endpoint: ids, security headers, HEAD.</summary>
public sealed class EveryResponseTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly int[] Kinds = [200, 201, 204, 304, 400, 401, 403, 404, 405, 412, 413, 415];

    public static TheoryData<int> Statuses => [.. Kinds];

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Carries_the_security_headers_and_a_request_id(int status)
    {
        using var response = await ResponseOfAsync(status, null);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("nosniff", Only("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Only("Referrer-Policy"));
        Assert.Equal("DENY", Only("X-Frame-Options"));
        Assert.Contains("frame-ancestors 'none'", Only("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{32}$", Only("X-Request-Id"));
        Assert.NotEmpty(Only("Cache-Control"));
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("X-Powered-By"));

        string Only(string name) => Assert.Single(response.Headers.GetValues(name));
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Echoes_a_sane_request_id(int status)
    {
        using var response = await ResponseOfAsync(status, "caller.id_1-2");

        Assert.Equal("caller.id_1-2", Assert.Single(response.Headers.GetValues("X-Request-Id")));
        if (status >= 400)
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("caller.id_1-2", problem.Text("requestId"));
        }
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", false)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("a,b", false)]
    [InlineData("<script>", false)]
    [InlineData("a\tb", false)]
    [InlineData("\u00e4", false)]
    [InlineData("%0d%0aSet-Cookie:x", false)]
    public async Task Takes_over_only_request_ids_of_1_to_64_harmless_characters(string id, bool isTaken)
    {
        var response = await api.Live.SendRawAsync(
            $"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Request-Id: {id}\r\n\r\n"
        );

        Assert.Matches(
            isTaken ? $"X-Request-Id: {id}\r\n" : "(?s)(^HTTP/1.1 400)|(X-Request-Id: [0-9a-f]{32}\r\n)",
            response
        );
    }

    [Fact]
    public async Task Makes_a_new_request_id_when_the_caller_sends_two()
    {
        var response = await api.Live.SendRawAsync(
            "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n"
        );

        Assert.Matches("X-Request-Id: [0-9a-f]{32}\r\n", response);
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true)]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false)]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false)]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736", false)]
    [InlineData("nonsense", false)]
    [InlineData("|4bf92f3577b34da6a3ce929d0e0e4736.1.", false)]
    public async Task Belongs_to_the_trace_of_its_caller_when_traceparent_is_well_formed(
        string traceParent,
        bool isTaken
    )
    {
        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/nothing");
            s.WithRequestHeader("traceparent", traceParent);
            s.StatusCodeShouldBe(404);
        });

        var traceId = result.ShouldBeProblem(404, "Route not found").Text("traceId");
        Assert.Matches("^(?!0{32})[0-9a-f]{32}$", traceId);
        Assert.Equal(isTaken, traceId == "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    [Fact]
    public async Task Every_GET_route_handles_HEAD_alike_without_a_body()
    {
        var market = await api.CreateMarketAsync();
        var paths = api
            .Host.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true
            )
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Select(path => path.Replace("{id}", market.Id().ToString(), StringComparison.Ordinal))
            .Select(path => path.Replace("{documentName}", "v1", StringComparison.Ordinal))
            .ToList();

        Assert.Contains("/api/markets", paths);
        Assert.Contains("/health/ready", paths);
        foreach (var path in paths)
        {
            using var get = await SendAsync("GET", path, api.Admin);
            using var head = await SendAsync("HEAD", path, api.Admin);
            Assert.Equal((path, get.StatusCode), (path, head.StatusCode));
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Equal(get.Headers.ETag, head.Headers.ETag);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    /// <summary>A response of each kind.</summary>
    private async Task<HttpResponseMessage> ResponseOfAsync(int status, string? requestId)
    {
        var market = await api.CreateMarketAsync();
        var path = $"/api/markets/{market.Id()}";
        return status switch
        {
            200 => await SendAsync("GET", path, null, requestId),
            201 => await SendAsync(
                "POST",
                "/api/markets",
                api.Alice,
                requestId,
                JsonContent.Create(ApiFixture.NewMarket())
            ),
            204 => await SendAsync("DELETE", path, api.Admin, requestId),
            304 => await SendAsync("GET", path, null, requestId, null, ("If-None-Match", "\"1.0\"")),
            400 => await SendAsync("GET", "/api/markets?x=1", null, requestId),
            401 => await SendAsync("GET", "/api/me", null, requestId),
            403 => await SendAsync("DELETE", path, api.Alice, requestId),
            404 => await SendAsync("GET", "/nothing", null, requestId),
            405 => await SendAsync("POST", "/api/me", null, requestId),
            412 => await SendAsync("DELETE", path, api.Admin, requestId, null, ("If-Match", "\"9\"")),
            413 => await SendAsync(
                "POST",
                "/api/markets",
                api.Alice,
                requestId,
                JsonContent.Create(new string('x', 70_000))
            ),
            415 => await SendAsync("POST", "/api/markets", api.Alice, requestId, new StringContent("x")),
            _ => throw new ArgumentOutOfRangeException(nameof(status)),
        };
    }

    private async Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        User? caller,
        string? requestId = null,
        HttpContent? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body };
        request.Headers.Authorization = caller is null ? null : new AuthenticationHeaderValue("Bearer", caller.Token);
        foreach (var (name, value) in requestId is null ? headers : [.. headers, ("X-Request-Id", requestId)])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await api.Live.Client.SendAsync(request);
    }
}
