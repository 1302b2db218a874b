using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>What can be relied on in answers: each member is always there, and more may come with time.</summary>
internal sealed class ResponseSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = context.JsonTypeInfo;
        if (
            type.Kind == JsonTypeInfoKind.Object
            && schema.Properties?.Count > 0
            && RequestRules.Of(type.Type, context.ApplicationServices) is null
        )
        {
            schema.AdditionalPropertiesAllowed = true;
            schema.Required = type
                .Properties.Where(member => schema.Properties.ContainsKey(member.Name) && !member.IsOmittedWhenNull())
                .Select(member => member.Name)
                .ToHashSet(StringComparer.Ordinal);
        }

        return Task.CompletedTask;
    }
}
