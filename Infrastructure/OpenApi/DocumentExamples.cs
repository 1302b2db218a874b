using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>
/// Gives each request body and each success an example, made of those of its properties (<c>&lt;example&gt;</c> in their XML docs) and of what
/// the endpoint's <see cref="ResponseExample"/> changes.
/// </summary>
internal sealed class DocumentExamples : IOpenApiDocumentTransformer
{
    /// <summary>The id in examples.</summary>
    public const string Id = "0193b2f4-7c1e-7a3b-9d52-4f6e8a1c2b3d";

    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        // A route with two methods is there twice.
        var changes = context
            .DescriptionGroups.SelectMany(group => group.Items)
            .Select(item => item.ActionDescriptor.EndpointMetadata)
            .ToLookup(
                metadata => metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName,
                metadata => metadata.OfType<ResponseExample>().LastOrDefault()
            );
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            var bodies = operation.RequestBody?.Content?.Values ?? [];
            var responses =
                operation
                    .Responses?.Where(response => response.Key[0] == '2')
                    .SelectMany(response => response.Value.Content?.Values ?? [])
                    .OfType<OpenApiMediaType>()
                    .ToList()
                ?? [];
            foreach (var media in bodies.Concat(responses).OfType<OpenApiMediaType>())
            {
                media.Example = media.Schema is { } schema ? Of(schema) : null;
            }

            changes[operation.OperationId].FirstOrDefault()?.ApplyTo(responses);
        }

        return Task.CompletedTask;
    }

    /// <summary>The schema's own example, or one put together from its properties'.</summary>
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

    /// <summary>The required properties, and those with an example.</summary>
    private static JsonObject OfObject(IOpenApiSchema schema) =>
        new(
            (schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
                .Where(member => schema.Required?.Contains(member.Key) == true || member.Value.Examples?.Count > 0)
                .Select(member => KeyValuePair.Create(member.Key, Of(member.Value)))
        );
}

/// <summary>What an endpoint's response has instead of the examples of its properties.</summary>
/// <param name="Data">The changed properties of <c>data</c>, as JSON.</param>
internal sealed record ResponseExample(string Data)
{
    public void ApplyTo(IEnumerable<OpenApiMediaType> responses)
    {
        foreach (var data in responses.Select(media => media.Example?["data"]).OfType<JsonObject>())
        {
            foreach (var (name, value) in JsonNode.Parse(Data)!.AsObject())
            {
                data[name] = value?.DeepClone();
            }
        }
    }
}

/// <summary>Examples of responses, as an endpoint's declaration.</summary>
public static class ResponseExampleExtensions
{
    /// <summary>Changes properties of the example's <c>data</c> to what this endpoint really returns.</summary>
    public static RouteHandlerBuilder WithResponseExample(
        this RouteHandlerBuilder builder,
        [StringSyntax(StringSyntaxAttribute.Json)] string data
    ) => builder.WithMetadata(new ResponseExample(data));
}
