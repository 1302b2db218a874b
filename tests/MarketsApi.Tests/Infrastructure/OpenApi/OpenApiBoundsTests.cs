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
                foreach (var (value, passes) in Values(parameter.GetProperty("schema")))
                {
                    tried++;
                    var result = await SendAsync(operation, $"?{name}={Uri.EscapeDataString(value)}", null);
                    Assert.True(
                        passes == (result.Status != 400) && (passes || result.Fields.Contains(name)),
                        $"{operation} with {name}={value} was answered with {result.Status}."
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
                foreach (var (name, value) in WrongMembers(schema))
                {
                    tried++;
                    var body = JsonNode.Parse(media.GetProperty("example").GetRawText())!.AsObject();
                    if (value is Absent)
                    {
                        body.Remove(name);
                    }
                    else
                    {
                        body[name] = (JsonNode?)value;
                    }

                    var result = await SendAsync(operation, "", (mediaType, body));
                    Assert.True(
                        result.Status == 400 && result.Fields.Any(field => field == name || field == "$." + name),
                        $"{operation} with {body.ToJsonString()} was answered with {result.Status} for {string.Join(", ", result.Fields)} instead of {name}."
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
                Assert.True(result.Status is 200 or 201 or 409, $"{operation} was answered with {result.Status}.");
            }
        }
    }

    /// <summary>Values on the bounds and just beyond them, and whether they pass.</summary>
    private static IEnumerable<(string Value, bool Passes)> Values(JsonElement schema)
    {
        var type = Assert.Single(ApiDocument.Types(schema));
        if (ApiDocument.Number(schema, "minimum") is { } minimum)
        {
            yield return (minimum.ToString(CultureInfo.InvariantCulture), true);
            yield return ((minimum - 1).ToString(CultureInfo.InvariantCulture), false);
        }

        if (ApiDocument.Number(schema, "maximum") is { } maximum)
        {
            yield return (maximum.ToString(CultureInfo.InvariantCulture), true);
            yield return ((maximum + 1).ToString(CultureInfo.InvariantCulture), false);
        }

        if (schema.TryGetProperty("enum", out var words))
        {
            foreach (var word in words.EnumerateArray().Select(word => word.GetString()!))
            {
                yield return (word, true);
                yield return (word.ToUpperInvariant(), false);
            }
        }

        if (schema.TryGetProperty("pattern", out _))
        {
            yield return ("Ä ö!", false);
        }

        if (type is "integer" or "number" or "boolean" || schema.TryGetProperty("format", out _))
        {
            yield return ("nonsense", false);
        }

        if (type == "array")
        {
            var most = schema.GetProperty("maxItems").GetInt32();
            yield return (string.Join(',', Enumerable.Repeat(Guid.Empty, most)), true);
            yield return (string.Join(',', Enumerable.Repeat(Guid.Empty, most + 1)), false);
            yield return ("nonsense", false);
        }
    }

    private static IEnumerable<(string Name, object? Value)> WrongMembers(JsonElement schema)
    {
        yield return ("bogus", (JsonNode)1);
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                yield return (name.GetString()!, Absent.Member);
            }
        }

        foreach (var member in schema.GetProperty("properties").EnumerateObject())
        {
            foreach (var value in WrongValues(member.Value))
            {
                yield return (member.Name, value);
            }
        }
    }

    private static IEnumerable<JsonNode?> WrongValues(JsonElement schema)
    {
        yield return new JsonObject();
        yield return ApiDocument.Types(schema).Contains("string") ? 1 : "nonsense";
        if (!ApiDocument.Types(schema).Contains("null"))
        {
            yield return null;
        }

        if (ApiDocument.Number(schema, "minLength") is { } shortest)
        {
            yield return new string('x', (int)shortest - 1);
        }

        if (ApiDocument.Number(schema, "maxLength") is { } longest)
        {
            yield return new string('x', (int)longest + 1);
        }

        if (ApiDocument.Number(schema, "minimum") is { } minimum)
        {
            yield return minimum - 1;
        }

        if (ApiDocument.Number(schema, "maximum") is { } maximum)
        {
            yield return maximum + 1;
        }

        if (
            schema.TryGetProperty("enum", out _)
            || schema.TryGetProperty("pattern", out _)
            || schema.TryGetProperty("format", out _)
        )
        {
            yield return "NONSENSE";
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

    /// <summary>Stands for a member that is left out.</summary>
    private sealed class Absent
    {
        public static readonly Absent Member = new();
    }
}
