using System.Text.Json;
using MarketsApi.Infrastructure.OpenApi;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.OpenApi;

public sealed class OpenApiDocumentTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Is_checked_in_as_openapi_json()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var file = Path.Combine(SourceTree.Root, "openapi.json");
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(file, document.Text, TestContext.Current.CancellationToken);
        }

        var checkedIn = File.Exists(file)
            ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)
            : "";
        var line = checkedIn.Split('\n').Zip(document.Text.Split('\n')).TakeWhile(pair => pair.First == pair.Second);
        Assert.True(
            checkedIn == document.Text,
            $"openapi.json is not what the program serves, from line {line.Count() + 1} on. If the change is meant, run UPDATE_OPENAPI=1 ./test -class {typeof(OpenApiDocumentTests).FullName} and check the file in."
        );
    }

    [Fact]
    public async Task Has_exactly_the_endpoints_that_there_are()
    {
        var document = await ApiDocument.OfAsync(api.Host);

        var mapped = api
            .Host.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                endpoint
                    .Metadata.GetMetadata<HttpMethodMetadata>()!
                    .HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}")
            )
            .Where(name => !name.StartsWith("HEAD", StringComparison.Ordinal))
            .Where(name => !name.EndsWith(OpenApiSetup.Path, StringComparison.Ordinal));

        Assert.NotEmpty(document.Operations);
        Assert.Equal(
            mapped.Order(StringComparer.Ordinal),
            document.Operations.Select(operation => operation.ToString()).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Describes_each_operation()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var tags = document.Root.GetProperty("tags").EnumerateArray().Select(tag => tag.Text("name")).ToList();

        Assert.All(
            document.Operations,
            operation =>
            {
                Assert.False(string.IsNullOrWhiteSpace(operation.Json.Text("summary")));
                Assert.EndsWith(".", operation.Json.Text("description"), StringComparison.Ordinal);
                Assert.Contains(Assert.Single(operation.Json.GetProperty("tags").EnumerateArray()).GetString(), tags);
                Assert.Contains(operation.Responses.Keys, status => status[0] == '2');
                Assert.Contains(operation.Responses.Keys, status => status[0] == '4');
                Assert.All(
                    (string[])["query", "path", "header"],
                    place => Assert.All(operation.Parameters(place), parameter => parameter.Text("description"))
                );
                Assert.All(
                    operation.Responses.Values,
                    response => Assert.True(response.GetProperty("headers").TryGetProperty("X-Request-Id", out _))
                );
            }
        );
        Assert.Distinct(document.Operations.Select(operation => operation.Json.Text("operationId")));
    }

    [Fact]
    public async Task Gives_each_failure_examples_in_the_one_error_format()
    {
        var document = await ApiDocument.OfAsync(api.Host);

        foreach (var operation in document.Operations)
        {
            foreach (var (status, response) in operation.Responses.Where(response => response.Key[0] is '4' or '5'))
            {
                var content = response.GetProperty("content").GetProperty("application/problem+json");
                var other = JsonDocument.Parse("""{"type": "urn:marketsapi:problem:other"}""").RootElement;
                Assert.Contains(
                    document.Errors(other, content.GetProperty("schema")),
                    error => error.StartsWith("$.type is", StringComparison.Ordinal)
                );
                foreach (var example in content.GetProperty("examples").EnumerateObject())
                {
                    var body = example.Value.GetProperty("value");
                    body.ShouldBeWellFormed(int.Parse(status, null));
                    Assert.Empty(document.Errors(body, content.GetProperty("schema")));
                }
            }
        }
    }

    [Fact]
    public async Task Says_of_each_response_which_properties_it_has()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var market = await api.CreateMarketAsync(api.Admin);
        // Each parameter for an id gets the market's.
        await api.Database.ExecuteAsync(
            "UPDATE jobs SET id = market_id WHERE market_id = @id",
            new { id = market.Id() }
        );

        foreach (var operation in document.Operations.Where(operation => operation.Method == "GET"))
        {
            var result = await api.Host.Scenario(s =>
            {
                s.Get.Url(
                    operation.Path.Replace("{id}", market.Text("id"), StringComparison.Ordinal)
                        + (operation.Path.EndsWith("/search", StringComparison.Ordinal) ? "?q=happen" : "")
                );
                s.WithBearerToken(api.Admin.Token);
            });
            var content = operation.Responses["200"].GetProperty("content").GetProperty("application/json");

            Assert.Empty(document.Errors(result.Json(), content.GetProperty("schema")));
            Assert.Empty(document.Errors(content.GetProperty("example"), content.GetProperty("schema")));
        }
    }

    [Fact]
    public async Task Closes_request_bodies_to_other_properties_and_gives_an_example()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var bodies = document.Operations.SelectMany(operation => operation.Bodies.Values).ToList();

        Assert.NotEmpty(bodies);
        Assert.All(
            bodies,
            body =>
            {
                var schema = document.Resolve(body.GetProperty("schema"));
                Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
                Assert.NotEmpty(body.GetProperty("example").EnumerateObject());
            }
        );
    }

    [Fact]
    public async Task Says_so_when_reading_needs_a_token()
    {
        await using var strict = new LiveServer(builder =>
        {
            builder.UseSetting("ConnectionStrings:Postgres", api.Database.ConnectionString);
            builder.UseSetting("Auth:Secret", Tokens.Secret);
            builder.UseSetting("Auth:RequireTokenForReads", "true");
            LogLines.Drop(builder);
        });
        var open = await ApiDocument.OfAsync(api.Host);
        var closed = new ApiDocument(
            await strict.Client.GetStringAsync(
                new Uri("/openapi/v1.json", UriKind.Relative),
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal([0, 1], Securities(open));
        Assert.Equal([1], Securities(closed));

        static IEnumerable<int> Securities(ApiDocument document) =>
            document
                .Operations.Single(operation => operation.Json.Text("operationId") == "GetMarket")
                .Json.GetProperty("security")
                .EnumerateArray()
                .Select(alternative => alternative.EnumerateObject().Count());
    }

    [Fact]
    public async Task Is_served_to_GET_and_HEAD_only_and_revalidates()
    {
        var result = await api.Host.Scenario(s => s.Head.Url("/openapi/v1.json"));
        var tag = result.Header("ETag");

        await api.Host.Scenario(s =>
        {
            s.Get.Url("/openapi/v1.json");
            s.WithRequestHeader("If-None-Match", tag);
            s.StatusCodeShouldBe(304);
        });
        var rejected = await api.Host.Scenario(s =>
        {
            s.Post.Json(new { }).ToUrl("/openapi/v1.json");
            s.StatusCodeShouldBe(405);
        });
        Assert.Equal(["GET", "HEAD"], rejected.Header("Allow").Split(',', StringSplitOptions.TrimEntries));
    }
}
