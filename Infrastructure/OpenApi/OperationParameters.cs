using System.Reflection;
using MarketsApi.Infrastructure.Observability;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Parameters as the request type's own schema describes them, and those that no handler's signature names.</summary>
internal sealed class OperationParameters : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        operation.Parameters ??= [];
        var request = await RequestAsync(context, cancellationToken);
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>().ToList())
        {
            if (
                request?.Properties?.TryGetValue(parameter.Name!, out var member) == true
                && member is OpenApiSchema schema
            )
            {
                Describe(parameter, schema);
                parameter.Required = request.Required?.Contains(parameter.Name!) == true;
            }
            else if (parameter.In == ParameterLocation.Path)
            {
                parameter.Description =
                    "The resource's id. One that is no UUID is answered like one that doesn't exist.";
            }
            else if (parameter.In == ParameterLocation.Header)
            {
                operation.Parameters[operation.Parameters.IndexOf(parameter)] = Shared(
                    parameter.Name!,
                    context.Document!
                );
            }
        }

        foreach (var header in context.AllMetadata<RequestHeaderMetadata>())
        {
            operation.Parameters.Add(Shared(header.Name, context.Document!));
        }

        operation.Parameters.Add(Shared(RequestId.Header, context.Document!));
    }

    /// <summary>The schema of the query parameters that come as one request type.</summary>
    private static async Task<OpenApiSchema?> RequestAsync(
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = context
            .Metadata<MethodInfo>()
            ?.GetParameters()
            .FirstOrDefault(parameter => parameter.IsDefined(typeof(AsParametersAttribute)))
            ?.ParameterType;
        return type is null ? null : await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
    }

    private static void Describe(OpenApiParameter parameter, OpenApiSchema schema)
    {
        // A parameter without a value is refused: it is there or it isn't.
        schema.SetNullable(false);
        parameter.Description = schema.Description;
        schema.Description = null;
        parameter.Schema = schema;
        if (schema.Type == JsonSchemaType.Array)
        {
            parameter.Style = ParameterStyle.Form;
            parameter.Explode = false;
        }
    }

    private static OpenApiParameterReference Shared(string name, OpenApiDocument document)
    {
        document.AddComponent<IOpenApiParameter>(name, RequestHeaderTexts.Parameter(name));
        return new OpenApiParameterReference(name, document);
    }
}
