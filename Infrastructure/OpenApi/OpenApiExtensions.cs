using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>What more than one transformer asks of operations and changes in schemas.</summary>
internal static class OpenApiExtensions
{
    /// <summary>Marks, in the framework's own words, a reference that is to become "this schema or null".</summary>
    private const string NullableReference = "x-is-nullable-property";

    /// <summary>Marks, likewise, a schema that is to become a component, which others share.</summary>
    private const string Component = "x-schema-id";

    private const string Const = "const";

    /// <summary>The last metadata of this kind on the endpoint, which is the one that counts.</summary>
    public static T? Metadata<T>(this OpenApiOperationTransformerContext context)
        where T : class => context.AllMetadata<T>().LastOrDefault();

    /// <summary>All metadata of this kind on the endpoint.</summary>
    public static IEnumerable<T> AllMetadata<T>(this OpenApiOperationTransformerContext context)
        where T : class => context.Description.ActionDescriptor.EndpointMetadata.OfType<T>();

    /// <summary>Whether the endpoint belongs to the API proper rather than to its operation.</summary>
    public static bool IsApi(this OpenApiOperationTransformerContext context) =>
        context.Description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;

    /// <summary>Refers to a shared header, which becomes a component at its first use.</summary>
    public static void AddHeader(this OpenApiResponse response, string name, OpenApiDocument document)
    {
        document.AddComponent<IOpenApiHeader>(name, ResponseHeaderTexts.Header(name));
        response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        response.Headers[name] = new OpenApiHeaderReference(name, document);
    }

    /// <summary>Lets null pass, or not.</summary>
    public static void SetNullable(this OpenApiSchema schema, bool isNullable)
    {
        if (!isNullable)
        {
            schema.Type &= ~JsonSchemaType.Null;
            schema.Metadata?.Remove(NullableReference);
            if (schema.Enum is not null)
            {
                schema.Enum = [.. schema.Enum.Where(word => !JsonNullSentinel.IsJsonNullSentinel(word))];
            }
        }
        else if (schema.Type is not null && !schema.IsShared())
        {
            schema.Type |= JsonSchemaType.Null;
            if (schema.Enum?.Any(JsonNullSentinel.IsJsonNullSentinel) == false)
            {
                schema.Enum.Add(JsonNullSentinel.JsonNull);
            }
        }
    }

    /// <summary>Lets only these words pass, and null if the schema is nullable.</summary>
    public static void SetWords(this OpenApiSchema schema, IReadOnlyList<string> words)
    {
        schema.Enum = [.. words.Select(word => JsonValue.Create(word))];
        schema.SetNullable(schema.Type?.HasFlag(JsonSchemaType.Null) == true);
    }

    /// <summary>Lets one value pass. The library's own <c>Const</c> holds texts only.</summary>
    public static void SetConst(this OpenApiSchema schema, JsonNode value)
    {
        schema.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
        schema.Extensions[Const] = new JsonNodeExtension(value);
    }

    /// <summary>The one value that passes, if that is so.</summary>
    public static JsonNode? GetConst(this IOpenApiSchema schema) =>
        schema.Extensions?.TryGetValue(Const, out var value) == true ? ((JsonNodeExtension)value).Node : null;

    /// <summary>Whether a member is left out of the JSON rather than written as null.</summary>
    public static bool IsOmittedWhenNull(this JsonPropertyInfo member) =>
        (member.AttributeProvider as PropertyInfo)?.GetCustomAttribute<JsonIgnoreAttribute>()
            is { Condition: JsonIgnoreCondition.WhenWritingNull };

    private static bool IsShared(this OpenApiSchema schema) =>
        schema.Metadata?.TryGetValue(Component, out var id) == true && id is string { Length: > 0 };
}
