using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.OpenApi;

/// <summary>What the document says of requests is what the program does.</summary>
public sealed class OpenApiBoundsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private string? _id;

    [Fact]
    public async Task Each_constraint_of_a_query_parameter_is_enforced()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var tried = 0;
        foreach (var operation in document.Operations)
        {
            foreach (var parameter in operation.Parameters("query"))
            {
                var name = parameter.Text("name")!;
                var others = operation
                    .Parameters("query")
                    .Where(other => other.TryGetProperty("required", out var required) && required.GetBoolean())
                    .Select(other => other.Text("name")!)
                    .Where(other => other != name);
                // A wrong media type would be found before the query.
                var body = operation
                    .Bodies.Select(body =>
                        ((string, JsonObject)?)
                            (body.Key, JsonNode.Parse(body.Value.GetProperty("example").GetRawText())!.AsObject())
                    )
                    .FirstOrDefault();
                var rest = string.Concat(others.Select(other => $"&{other}=anything"));
                foreach (var (value, passes) in SchemaBounds.Values(parameter.GetProperty("schema")))
                {
                    tried++;
                    var result = await SendAsync(operation, $"?{name}={Uri.EscapeDataString(value)}{rest}", body);
                    Assert.True(
                        passes == (result.Status != 400) && (passes || result.Fields.Contains(name)),
                        $"{operation} with {name}={value} returned {result.Status}."
                    );
                }
            }
        }

        Assert.True(tried > 40);
    }

    [Fact]
    public async Task Each_constraint_of_a_body_is_enforced()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var tried = 0;
        foreach (var operation in document.Operations)
        {
            foreach (var (mediaType, media) in operation.Bodies)
            {
                var schema = document.Resolve(media.GetProperty("schema"));
                foreach (var (name, value) in SchemaBounds.WrongMembers(schema))
                {
                    tried++;
                    var body = JsonNode.Parse(media.GetProperty("example").GetRawText())!.AsObject();
                    if (value == SchemaBounds.Absent)
                    {
                        body.Remove(name);
                    }
                    else
                    {
                        body[name] = (JsonNode?)value;
                    }

                    var result = await SendAsync(operation, "", (mediaType, body));
                    Assert.True(
                        result.Status == 400
                            && result.Fields.Any(field =>
                                field == name
                                || field == "$." + name
                                // A nested object reports the property within it.
                                || field.StartsWith(name + ".", StringComparison.Ordinal)
                            ),
                        $"{operation} with {body.ToJsonString()} returned {result.Status} for {string.Join(", ", result.Fields)} instead of {name}."
                    );
                }
            }
        }

        Assert.True(tried > 30);
    }

    [Fact]
    public async Task Examples_of_bodies_pass()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        foreach (var operation in document.Operations)
        {
            foreach (var (mediaType, media) in operation.Bodies)
            {
                var body = JsonNode.Parse(media.GetProperty("example").GetRawText())!.AsObject();
                if (body.ContainsKey("endsAt"))
                {
                    body["endsAt"] = api.Clock.GetUtcNow().AddDays(1).ToString("O", CultureInfo.InvariantCulture);
                }

                var result = await SendAsync(operation, "", (mediaType, body));
                // An example may not fit the state of the market at hand; its form has to be right.
                Assert.True(result.Status is 200 or 201 or 409, $"{operation} returned {result.Status}.");
            }
        }
    }

    private async Task<(int Status, IReadOnlyList<string> Fields)> SendAsync(
        ApiOperation operation,
        string query,
        (string MediaType, JsonObject Json)? body
    )
    {
        var id = operation.Path.Contains("{id}", StringComparison.Ordinal)
            ? _id ??= (await api.CreateMarketAsync(api.Admin)).Text("id")
            : "";
        var path = operation.Path.Replace("{id}", id, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), path + query);
        request.Headers.Add("Authorization", "Bearer " + api.Admin.Token);
        if (body is var (mediaType, json))
        {
            request.Content = new StringContent(json.ToJsonString(), null, mediaType);
        }

        using var response = await api.Live.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var status = (int)response.StatusCode;
        return status != 400
            ? (status, [])
            : (
                status,
                [
                    .. JsonDocument
                        .Parse(text)
                        .RootElement.GetProperty("details")
                        .EnumerateArray()
                        .Select(detail => detail.Text("field")!),
                ]
            );
    }
}
