using System.Net;
using System.Text.RegularExpressions;
using MarketsApi.Infrastructure.OpenApi;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.OpenApi;

public sealed partial class DocsPageTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("/docs", "docs/index.html")]
    [InlineData("/docs/", "index.html")]
    public async Task Leads_to_the_page(string path, string location)
    {
        using var response = await GetAsync(path);

        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal(location, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Is_a_page_with_a_policy_of_its_own_and_nothing_from_elsewhere()
    {
        using var response = await GetAsync("/docs/index.html");
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            DocsPage.ContentSecurityPolicy,
            Assert.Single(response.Headers.GetValues("Content-Security-Policy"))
        );
        Assert.DoesNotContain("unsafe", DocsPage.ContentSecurityPolicy, StringComparison.Ordinal);
        Assert.Contains("<title>MarketsApi</title>", html, StringComparison.Ordinal);

        var files = Reference().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.True(files.Count >= 5);
        foreach (var file in files)
        {
            using var part = await GetAsync(new Uri(new Uri("http://x/docs/"), file).PathAndQuery);
            Assert.Equal(HttpStatusCode.OK, part.StatusCode);
        }
    }

    [Fact]
    public async Task Allows_the_one_inline_style_that_its_logo_brings()
    {
        using var response = await GetAsync("/docs/swagger-ui-standalone-preset.js");

        Assert.Contains(
            DocsPage.LogoStyle,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("GET", "/docs/nothing", 404)]
    [InlineData("GET", "/docs/../appsettings.json", 404)]
    [InlineData("POST", "/docs/index.html", 405)]
    [InlineData("DELETE", "/docs", 405)]
    [InlineData("HEAD", "/docs/index.html", 200)]
    public async Task Serves_nothing_else(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await api.Live.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 405)
        {
            Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
        }

        if (status >= 400)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.StartsWith(
                "default-src 'none'; frame-ancestors",
                Assert.Single(response.Headers.GetValues("Content-Security-Policy")),
                StringComparison.Ordinal
            );
        }
    }

    private Task<HttpResponseMessage> GetAsync(string path) =>
        api.Live.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Reference();
}
