using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace MarketsApi.Tests.Infrastructure.OpenApi.Fuzzing;

/// <summary>What the document lets a response be. JSON is validated by a published validator, so that no misreading of ours passes twice.</summary>
internal sealed partial class ResponseContract
{
    private static readonly EvaluationOptions Options = new()
    {
        OutputFormat = OutputFormat.List,
        RequireFormatValidation = true,
    };

    private readonly ApiDocument _document;
    private readonly Dictionary<(string, bool), JsonSchema> _schemas = [];
    private readonly JsonObject _components;

    /// <summary>Reads the document.</summary>
    public ResponseContract(ApiDocument document)
    {
        _document = document;
        _components = JsonNode
            .Parse(document.Root.GetProperty("components").GetProperty("schemas").GetRawText())!
            .AsObject();
        Close(_components);
    }

    /// <summary>What is wrong with a response.</summary>
    public IEnumerable<string> Errors(FuzzRequest request, HttpResponseMessage response, string body)
    {
        var status = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var operation = OperationOf(request);
        if (!operation.Responses.TryGetValue(status, out var declared))
        {
            return [$"{status} is not declared"];
        }

        if (!response.Headers.Contains("X-Request-Id"))
        {
            return ["the header X-Request-Id is missing"];
        }

        if (!declared.TryGetProperty("content", out var contents) || request.Method == "HEAD")
        {
            return body.Length == 0 ? [] : ["there is a body"];
        }

        var type = response.Content.Headers.ContentType;
        return contents.TryGetProperty(type?.MediaType ?? "", out var content)
            ? ErrorsOf(body, content.GetProperty("schema"), withLengths: true)
            : [$"the media type {type} is not declared"];
    }

    /// <summary>What is wrong with the body of a request, its lengths aside.</summary>
    /// <remarks>
    /// A byte order mark may be ignored (RFC 8259, section 8.1). Lengths are for the tests of bounds: this validator counts what a reader
    /// takes for a character, and JSON Schema counts code points.
    /// </remarks>
    public IEnumerable<string> ErrorsOfRequest(string body, JsonElement schema) =>
        ErrorsOf(body.TrimStart('\ufeff'), schema, withLengths: false);

    /// <remarks>A changed method makes it another operation. Without one for the method, any operation of the path describes the response.</remarks>
    private ApiOperation OperationOf(FuzzRequest request)
    {
        var method = request.Method == "HEAD" ? "GET" : request.Method;
        var path = request.Target.Split('?')[0];
        return request.Operation.Method == method
            ? request.Operation
            : _document.Operations.FirstOrDefault(operation =>
                operation.Method == method
                && Regex.IsMatch(path, $"^{operation.Path.Replace("{id}", "[^/]+", StringComparison.Ordinal)}$")
            ) ?? request.Operation;
    }

    private IEnumerable<string> ErrorsOf(string body, JsonElement schema, bool withLengths)
    {
        JsonElement json;
        try
        {
            json = JsonDocument.Parse(body).RootElement;
        }
        catch (JsonException exception)
        {
            return [$"the body is not JSON: {exception.Message}"];
        }

        var result = SchemaOf(schema, withLengths).Evaluate(json, Options);
        return result.IsValid
            ? []
            :
            [
                .. (result.Details ?? [])
                    .Where(detail => detail.Errors is not null)
                    .SelectMany(detail =>
                        detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Key} {error.Value}")
                    )
                    .DefaultIfEmpty("the body is not what the schema says"),
            ];
    }

    private JsonSchema SchemaOf(JsonElement schema, bool withLengths)
    {
        var text = schema.GetRawText();
        if (!_schemas.TryGetValue((text, withLengths), out var built))
        {
            var root = JsonNode.Parse(text)!.AsObject();
            Close(root);
            root["$defs"] = _components.DeepClone();
            var json = root.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
            built = JsonSchema.FromText(withLengths ? json : Lengths().Replace(json, ""));
            _schemas.Add((text, withLengths), built);
        }

        return built;
    }

    /// <summary>Lets objects have no members but those that the document names; it stays open itself, so that clients bear new ones.</summary>
    /// <remarks>What another schema is made of by <c>allOf</c> is closed there.</remarks>
    private static void Close(JsonNode? node, bool isPart = false)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Close(item);
            }
        }
        else if (node is JsonObject schema)
        {
            foreach (var (name, value) in schema.ToList())
            {
                if (name == "allOf")
                {
                    foreach (var part in value!.AsArray())
                    {
                        Close(part, isPart: true);
                    }
                }
                else if (name is not ("examples" or "enum" or "default"))
                {
                    // The base of all problems is only ever a part.
                    Close(value, isPart: name == "Problem");
                }
            }

            if (
                !isPart
                && !schema.ContainsKey("additionalProperties")
                && (schema.ContainsKey("allOf") || schema["properties"] is JsonObject)
            )
            {
                schema["unevaluatedProperties"] = false;
            }
        }
    }

    [GeneratedRegex("\"(?:min|max)Length\":[0-9]+,")]
    private static partial Regex Lengths();
}
