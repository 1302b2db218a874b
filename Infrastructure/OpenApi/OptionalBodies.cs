using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>A body that may be left out is no body that may be null, which is how the framework describes it.</summary>
internal sealed class OptionalBodies : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        foreach (var media in operation.RequestBody?.Content?.Values.OfType<OpenApiMediaType>() ?? [])
        {
            media.Schema = media.Schema?.OneOf?.OfType<OpenApiSchemaReference>().SingleOrDefault() ?? media.Schema;
        }

        return Task.CompletedTask;
    }
}
