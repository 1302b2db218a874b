using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Errors;

public sealed class RouteErrorTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/api/market")]
    [InlineData("/api/markets/0192f0c4-0000-7000-8000-000000000000/nothing")]
    [InlineData("/API/v2")]
    [InlineData("/health")]
    [InlineData("/index.html")]
    [InlineData("/api/markets/../../etc/passwd")]
    [InlineData("/.env")]
    public async Task An_unknown_route_is_404_for_every_caller(string path)
    {
        foreach (var authorization in (string?[])[null, "Bearer bad", "Bearer " + api.Admin.Token])
        {
            var result = await api.Host.Scenario(s =>
            {
                s.Get.Url(path);
                if (authorization is not null)
                {
                    s.WithRequestHeader("Authorization", authorization);
                }

                s.StatusCodeShouldBe(404);
                s.Header("WWW-Authenticate").ShouldNotBeWritten();
            });

            result.ShouldBeProblem(404, "Route not found");
        }
    }

    [Theory]
    [InlineData("POST", "/api/me", "GET, HEAD")]
    [InlineData("DELETE", "/api/markets", "GET, HEAD, POST")]
    [InlineData("POST", "/api/markets/0192f0c4-0000-7000-8000-000000000000", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("POST", "/health/live", "GET, HEAD")]
    [InlineData("DELETE", "/health/ready", "GET, HEAD")]
    [InlineData("TRACE", "/api/markets", "GET, HEAD, POST")]
    [InlineData("BREW", "/api/markets", "GET, HEAD, POST")]
    public async Task Another_method_is_405_with_the_allowed_ones_for_every_caller(
        string method,
        string path,
        string allow
    )
    {
        foreach (var authorization in (string?[])[null, "Bearer bad"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            using var response = await api.Live.Client.SendAsync(request);

            Assert.Equal(405, (int)response.StatusCode);
            Assert.Equal(allow.Split(", "), response.Content.Headers.Allow.Order(StringComparer.Ordinal));
            var problem = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            problem.ShouldBeWellFormed(405);
            Assert.Equal("Method not allowed", problem.Text("error"));
        }
    }

    [Fact]
    public async Task A_problem_says_where_it_happened_without_the_query_string()
    {
        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/markets?limit=0&secret=hunter2");
            s.StatusCodeShouldBe(400);
        });

        var problem = result.ShouldBeProblem(400, "Validation failed");
        Assert.Equal("/api/markets", problem.Text("instance"));
        Assert.Equal("no-store", result.Header("Cache-Control"));
    }

    [Fact]
    public async Task Problems_come_in_the_order_of_the_contract()
    {
        var big = new { name = new string('x', 70_000) };

        await ShouldFailAsync(404, "/api/nothing", "Bearer bad", "text/plain", big);
        await ShouldFailAsync(401, "/api/markets", "Bearer bad", "text/plain", big);
        await ShouldFailAsync(403, "/api/markets", "Bearer " + User.New("guest").Token, "text/plain", big);
        await ShouldFailAsync(413, "/api/markets", "Bearer " + api.Alice.Token, "text/plain", big);
        await ShouldFailAsync(415, "/api/markets", "Bearer " + api.Alice.Token, "text/plain", new { });
        await ShouldFailAsync(400, "/api/markets", "Bearer " + api.Alice.Token, "application/json", new { });
    }

    private async Task ShouldFailAsync(int status, string url, string authorization, string contentType, object body)
    {
        var result = await api.Host.Scenario(s =>
        {
            s.WithRequestHeader("Authorization", authorization);
            s.Post.Json(body).ToUrl(url).QueryString("x", "1").ContentType(contentType);
            s.StatusCodeShouldBe(status);
        });
        result.Json().ShouldBeWellFormed(status);
    }

    [Fact]
    public async Task Hundreds_of_errors_are_told_by_the_first_fifty_and_a_number()
    {
        var names = Enumerable.Range(1, 900).Select(i => $"p{i}").Prepend(new string('x', 300));
        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/markets?" + string.Join('&', names.Select(name => name + "=1")));
            s.StatusCodeShouldBe(400);
        });

        var details = result.ShouldBeProblem(400, "Validation failed").GetProperty("details");
        Assert.Equal(51, details.GetArrayLength());
        Assert.Equal(new string('x', 200) + "…", details[0].Text("field"));
        Assert.Equal("p49", details[49].Text("field"));
        Assert.Equal(("$", "MoreErrors"), (details[50].Text("field"), details[50].Text("code")));
        Assert.Equal("851 more errors are not listed.", details[50].Text("message"));
    }

    /// <remarks>RFC 9457 section 3.1.5: a URI reference, in which blanks, line breaks and the like have to be escaped.</remarks>
    [Theory]
    [InlineData("/api/markets/%7Bid%7D", "/api/markets/%7Bid%7D")]
    [InlineData("/api/markets/a%20b%0Ac", "/api/markets/a%20b%0Ac")]
    [InlineData("/api/markets/%22%3C%C3%A9%3E", "/api/markets/%22%3C%C3%A9%3E")]
    [InlineData("/api/nothing%3Fx%23y", "/api/nothing%3Fx%23y")]
    [InlineData("/api/markets/a%2Fb:c", "/api/markets/a%2Fb:c")]
    public async Task Names_the_path_as_a_URI_reference(string path, string instance)
    {
        using var response = await api.Live.Client.GetAsync(new Uri(path, UriKind.Relative));

        var problem = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        problem.ShouldBeWellFormed(404);
        Assert.Equal(instance, problem.Text("instance"));
    }
}
