using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.OpenApi;

/// <summary>What the document says of failures is what the program sends, in a form that generators of clients can use.</summary>
public sealed class OpenApiProblemTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Each_example_of_a_bad_request_is_what_the_server_sends()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var id = (await api.CreateMarketAsync(api.Admin)).Text("id");
        var tried = 0;
        foreach (var operation in document.Operations.Where(operation => operation.Responses.ContainsKey("400")))
        {
            foreach (var example in ExamplesOf(operation.Responses["400"]))
            {
                using var request = RequestFor(operation, example.GetProperty("details")[0], id!);
                using var response = await api.Live.Client.SendAsync(request, TestContext.Current.CancellationToken);
                var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

                Assert.True((int)response.StatusCode == 400, $"{operation}: {example} returned {text}");
                var sent = JsonDocument.Parse(text).RootElement.GetProperty("details").EnumerateArray();
                Assert.Contains(Compact(example.GetProperty("details")[0]), sent.Select(Compact));
                tried++;
            }
        }

        Assert.True(tried > 20, $"found only {tried} examples");
    }

    [Fact]
    public async Task Each_example_names_a_path_of_an_operation_that_has_it()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var paths = document
            .Operations.SelectMany(operation =>
                operation
                    .Responses.Where(response => response.Key[0] is '4' or '5')
                    .SelectMany(response => ExamplesOf(response.Value))
                    .Select(example => (Type: example.Text("type")!, Instance: example.Text("instance")!, operation))
            )
            .ToLookup(
                example => (example.Type, example.Instance),
                example => example.operation.Path.Replace("{id}", IdIn(example.Instance), StringComparison.Ordinal)
            );

        Assert.NotEmpty(paths);
        Assert.All(paths, example => Assert.Contains(example.Key.Instance, example));
    }

    [Fact]
    public async Task Each_failure_has_one_schema_that_names_its_kinds()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var failures = document
            .Operations.SelectMany(operation => operation.Responses)
            .Where(response => response.Key[0] is '4' or '5')
            .ToList();

        Assert.NotEmpty(failures);
        foreach (var (status, response) in failures)
        {
            var schema = response.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema");
            // Generators make one class of it, and with it one exception; of a choice of schemas some make none.
            var parts = document.Resolve(schema).GetProperty("allOf").EnumerateArray().ToList();
            var kind = parts[1].GetProperty("properties");
            // Some drop what both parts have.
            Assert.Distinct(
                parts
                    .SelectMany(part => document.Resolve(part).GetProperty("properties").EnumerateObject())
                    .Select(m => m.Name)
            );

            Assert.Equal(status, kind.GetProperty("status").GetProperty("const").GetRawText());
            string[] types = kind.GetProperty("type").TryGetProperty("enum", out var several)
                ? [.. several.EnumerateArray().Select(type => type.GetString()!)]
                : [kind.GetProperty("type").Text("const")!];
            Assert.Equal(
                ExamplesOf(response).Select(example => example.Text("type")!).Distinct().Order(StringComparer.Ordinal),
                types.Order(StringComparer.Ordinal)
            );
        }
    }

    [Fact]
    public async Task Amounts_are_decimals_and_never_doubles()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var market = document.Root.GetProperty("components").GetProperty("schemas").GetProperty("Market");

        var volume = market.GetProperty("properties").GetProperty("volume");

        Assert.Equal("number", volume.Text("type"));
        Assert.Equal("decimal", volume.Text("format"));
        Assert.Equal(0.01m, volume.GetProperty("multipleOf").GetDecimal());
    }

    private static IEnumerable<JsonElement> ExamplesOf(JsonElement response) =>
        response
            .GetProperty("content")
            .GetProperty("application/problem+json")
            .GetProperty("examples")
            .EnumerateObject()
            .Select(example => example.Value.GetProperty("value"));

    private static string IdIn(string path) =>
        path.Split('/').FirstOrDefault(part => Guid.TryParse(part, out _)) ?? "{id}";

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    /// <summary>A request that is wrong in just the way of this detail.</summary>
    private HttpRequestMessage RequestFor(ApiOperation operation, JsonElement detail, string id)
    {
        var (code, field) = (detail.Text("code")!, detail.Text("field")!);
        var query = new List<string>();
        if (operation.Path.EndsWith("/search", StringComparison.Ordinal))
        {
            query.Add("q=a");
        }

        if (code is "UnknownParameter" or "InclusiveBetween")
        {
            query.Add($"{field}=100000");
        }

        var path = operation.Path.Replace("{id}", id, StringComparison.Ordinal);
        var request = new HttpRequestMessage(
            new HttpMethod(operation.Method),
            query.Count == 0 ? path : $"{path}?{string.Join('&', query)}"
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", api.Admin.Token);
        if (code == "InvalidHeader")
        {
            request.Headers.TryAddWithoutValidation(field, "no tag and no key");
        }

        foreach (var (mediaType, media) in operation.Bodies.Take(1))
        {
            var body = JsonNode.Parse(media.GetProperty("example").GetRawText())!.AsObject();
            if (code == "Required")
            {
                body.Remove(field);
            }
            else if (code == "UnknownMember")
            {
                body[field[2..]] = "red";
            }

            request.Content = new StringContent(body.ToJsonString(), null, mediaType);
        }

        return request;
    }
}
