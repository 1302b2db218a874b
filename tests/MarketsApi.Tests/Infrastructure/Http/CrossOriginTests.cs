using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

public sealed class CrossOriginTests(CrossOriginTests.Fixture api) : IClassFixture<CrossOriginTests.Fixture>
{
    private const string Known = "https://app.example.org";

    [Theory]
    [InlineData(Known, true)]
    [InlineData("https://other.example.org:8443", true)]
    [InlineData("http://app.example.org", false)]
    [InlineData("https://app.example.org.attacker.example", false)]
    [InlineData("https://app.example.org:444", false)]
    [InlineData("null", false)]
    [InlineData("nonsense", false)]
    public async Task A_page_may_read_responses_when_its_origin_is_in_the_settings(string origin, bool isAllowed)
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/markets", origin);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(isAllowed ? origin : "", Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal(
            isAllowed,
            Header(response, "Access-Control-Expose-Headers").Contains("ETag", StringComparison.Ordinal)
        );
        Assert.Equal("", Header(response, "Access-Control-Allow-Credentials"));
        Assert.Contains("Origin", Header(response, "Vary"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task A_preflight_of_a_known_origin_allows_method_and_headers_without_a_token(string method)
    {
        using var response = await PreflightAsync(Known, method);

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(Known, Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains(method, Header(response, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains(
            "authorization",
            Header(response, "Access-Control-Allow-Headers"),
            StringComparison.OrdinalIgnoreCase
        );
        Assert.Equal("3600", Header(response, "Access-Control-Max-Age"));
        Assert.NotEqual("", Header(response, "X-Request-Id"));
    }

    [Fact]
    public async Task A_preflight_of_a_foreign_origin_allows_nothing()
    {
        using var response = await PreflightAsync("https://attacker.example", "PATCH");

        Assert.Equal("", Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("", Header(response, "Access-Control-Allow-Methods"));
    }

    [Fact]
    public async Task A_page_can_read_problems_too()
    {
        foreach (var path in (string[])["/api/me", "/api/markets?x=1"])
        {
            using var response = await SendAsync(HttpMethod.Get, path, Known);

            Assert.True((int)response.StatusCode is 400 or 401);
            Assert.Equal(Known, Header(response, "Access-Control-Allow-Origin"));
        }
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    private Task<HttpResponseMessage> PreflightAsync(string origin, string method) =>
        SendAsync(
            HttpMethod.Options,
            $"/api/markets/{Guid.NewGuid()}",
            origin,
            ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", "authorization,if-match,content-type")
        );

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string origin,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await api.Live.Client.SendAsync(request);
    }

    public sealed class Fixture : ApiFixture
    {
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>
            {
                ["Cors:Origins:0"] = Known,
                ["Cors:Origins:1"] = "https://other.example.org:8443",
            };
    }
}
