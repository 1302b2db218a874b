using System.Globalization;
using System.Text.Json;
using Alba;

namespace MarketsApi.Tests.Infrastructure.OpenApi;

/// <summary>The OpenAPI document as a caller gets it, with its references followed.</summary>
public sealed class ApiDocument
{
    private const string Unknown = " is not in the document";

    /// <summary>Reads it.</summary>
    public ApiDocument(string text)
    {
        Text = text;
        Root = JsonDocument.Parse(text).RootElement;
        Operations =
        [
            .. Root.GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path =>
                    path.Value.EnumerateObject().Select(method => new ApiOperation(this, path.Name, method))
                ),
        ];
    }

    /// <summary>The JSON.</summary>
    public string Text { get; }

    /// <summary>The whole document.</summary>
    public JsonElement Root { get; }

    /// <summary>Every operation.</summary>
    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>Asks the program for it.</summary>
    public static async Task<ApiDocument> OfAsync(IAlbaHost host)
    {
        var result = await host.Scenario(s =>
        {
            s.Get.Url("/openapi/v1.json");
            s.ContentTypeShouldBe("application/json; charset=utf-8");
        });
        return new ApiDocument(result.ReadAsText());
    }

    /// <summary>What a reference refers to, or the element itself.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = reference
                .GetString()!
                .TrimStart('#', '/')
                .Split('/')
                .Aggregate(Root, (node, name) => node.GetProperty(name));
        }

        return element;
    }

    /// <summary>Where a value breaks a schema: missing or unknown properties, wrong types, values outside a closed set.</summary>
    public IEnumerable<string> Errors(JsonElement value, JsonElement schema, string at = "$")
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var kinds))
        {
            var errors = kinds.EnumerateArray().Select(kind => Errors(value, kind, at).ToList()).ToList();
            return errors.Count(found => found.Count == 0) == 1 ? [] : errors.SelectMany(found => found);
        }

        if (schema.TryGetProperty("allOf", out var parts))
        {
            // A property is known when one of the parts has it.
            return parts
                .EnumerateArray()
                .SelectMany(part => Errors(value, part, at))
                .GroupBy(error => error, StringComparer.Ordinal)
                .Where(error =>
                    !error.Key.EndsWith(Unknown, StringComparison.Ordinal) || error.Count() == parts.GetArrayLength()
                )
                .Select(error => error.Key);
        }

        var type = value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Null => "null",
            JsonValueKind.Number => "number",
            _ => "boolean",
        };
        if (!Types(schema).Contains(type) && !(type == "number" && Types(schema).Contains("integer")))
        {
            return [$"{at} is of type {type}"];
        }

        var isKnown =
            !schema.TryGetProperty("enum", out var words)
            || words.EnumerateArray().Any(word => word.GetRawText() == value.GetRawText());
        var isOnly = !schema.TryGetProperty("const", out var only) || only.GetRawText() == value.GetRawText();
        return !isKnown || !isOnly ? [$"{at} is {value.GetRawText()}"]
            : type == "array"
                ? value
                    .EnumerateArray()
                    .SelectMany((item, i) => Errors(item, schema.GetProperty("items"), $"{at}[{i}]"))
            : type == "object" && schema.TryGetProperty("properties", out var members)
                ? ErrorsOfMembers(value, schema, members, at)
            : [];
    }

    /// <summary>The types that a schema lets pass.</summary>
    public static IReadOnlyList<string> Types(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.String ? [type.GetString()!]
        : [.. type.EnumerateArray().Select(one => one.GetString()!)];

    /// <summary>A number of a schema, if it is there.</summary>
    public static decimal? Number(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var number)
            ? decimal.Parse(number.GetRawText(), CultureInfo.InvariantCulture)
            : null;

    private IEnumerable<string> ErrorsOfMembers(
        JsonElement value,
        JsonElement schema,
        JsonElement members,
        string at
    ) =>
        schema
            .GetProperty("required")
            .EnumerateArray()
            .Select(name => name.GetString()!)
            .Where(name => !value.TryGetProperty(name, out _))
            .Select(name => $"{at}.{name} is missing")
            .Concat(
                value
                    .EnumerateObject()
                    .SelectMany(member =>
                        members.TryGetProperty(member.Name, out var known)
                            ? Errors(member.Value, known, $"{at}.{member.Name}")
                            : [$"{at}.{member.Name}{Unknown}"]
                    )
            );
}
