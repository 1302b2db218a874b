using System.Text.Json;

namespace MarketsApi.Tests.Infrastructure.OpenApi;

/// <summary>One operation of the document.</summary>
public sealed class ApiOperation(ApiDocument document, string path, JsonProperty method)
{
    /// <summary>The path's template.</summary>
    public string Path => path;

    /// <summary>The method, in capitals.</summary>
    public string Method => method.Name.ToUpperInvariant();

    /// <summary>What the document says of it.</summary>
    public JsonElement Json => method.Value;

    /// <summary>Its responses by status, references followed.</summary>
    public IReadOnlyDictionary<string, JsonElement> Responses =>
        Json.GetProperty("responses").EnumerateObject().ToDictionary(r => r.Name, r => document.Resolve(r.Value));

    /// <summary>Its parameters of one kind, references followed.</summary>
    public IReadOnlyList<JsonElement> Parameters(string place) =>
        [
            .. Json.GetProperty("parameters")
                .EnumerateArray()
                .Select(document.Resolve)
                .Where(parameter => parameter.GetProperty("in").GetString() == place),
        ];

    /// <summary>The schema of its body as each media type, references followed.</summary>
    public IReadOnlyDictionary<string, JsonElement> Bodies =>
        Json.TryGetProperty("requestBody", out var body)
            ? body.GetProperty("content").EnumerateObject().ToDictionary(media => media.Name, media => media.Value)
            : [];

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}";
}
