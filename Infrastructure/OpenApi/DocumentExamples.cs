using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Gives each request body and each success an example, put together from those of the members (<c>&lt;example&gt;</c> in their XML docs).</summary>
internal sealed class DocumentExamples : IOpenApiDocumentTransformer
{
    /// <summary>Stands for the id of anything.</summary>
    public const string Id = "0193b2f4-7c1e-7a3b-9d52-4f6e8a1c2b3d";

    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            var bodies = operation.RequestBody?.Content?.Values ?? [];
            var responses =
                operation
                    .Responses?.Where(response => response.Key[0] == '2')
                    .SelectMany(response => response.Value.Content?.Values ?? [])
                ?? [];
            foreach (var media in bodies.Concat(responses).OfType<OpenApiMediaType>())
            {
                media.Example = media.Schema is { } schema ? Of(schema) : null;
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The schema's own example, or one put together from its members'.</summary>
    private static JsonNode? Of(IOpenApiSchema schema)
    {
        if (schema.Examples is [var example, ..])
        {
            return example.DeepClone();
        }

        if (schema.GetConst() is { } only)
        {
            return only.DeepClone();
        }

        if (schema.Type?.HasFlag(JsonSchemaType.Null) == true)
        {
            return null;
        }

        if (schema.Enum is [var word, ..])
        {
            return word.DeepClone();
        }

        return schema.Type switch
        {
            JsonSchemaType.Object => OfObject(schema),
            JsonSchemaType.Array => new JsonArray(schema.Items is { } items ? [Of(items)] : []),
            JsonSchemaType.Boolean => true,
            JsonSchemaType.Integer or JsonSchemaType.Number => 1,
            JsonSchemaType.String when schema.Format == "uuid" => Id,
            JsonSchemaType.String when schema.Format == "date-time" => "2027-01-31T12:00:00Z",
            JsonSchemaType.String => "text",
            _ => null,
        };
    }

    /// <summary>What has to be there, and what has an example of its own.</summary>
    private static JsonObject OfObject(IOpenApiSchema schema) =>
        new(
            (schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
                .Where(member => schema.Required?.Contains(member.Key) == true || member.Value.Examples?.Count > 0)
                .Select(member => KeyValuePair.Create(member.Key, Of(member.Value)))
        );
}
