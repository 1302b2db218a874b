using System.Reflection;
using MarketsApi.Infrastructure.Idempotency;
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
                    "The resource's id. An id that is not a UUID returns 404, as an unknown id does.";
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
        // A parameter without a value is an error: it is there or it isn't.
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

/// <summary>What the headers of requests mean.</summary>
internal static class RequestHeaderTexts
{
    /// <summary>An entity tag (RFC 9110 section 8.8.3), weak or not.</summary>
    private const string Tag = """(W/)?"[!#-~\u0080-\uffff]*" *""";

    private static readonly Dictionary<string, (string Description, string? Pattern)> Texts = new(
        StringComparer.Ordinal
    )
    {
        [RequestId.Header] = (
            "An id that you choose for this request: 1 to 64 letters, digits, `.`, `_` or `-`. It is returned in the response and appears in the logs. An invalid value is ignored, and the server creates an id.",
            null
        ),
        [IdempotencyKey.Header] = (
            "A key that you choose, new for each operation: 1 to 255 printable ASCII characters without spaces. When the same caller sends the same request with the same key again within 24 hours, the first response is returned and nothing is done twice (draft-ietf-httpapi-idempotency-key-header). Error responses are not stored.",
            "^[!-~]{1,255}$"
        ),
        ["If-Match"] = (
            "The versions that you accept (RFC 9110 section 13.1.1): entity tags, or `*` for any version. Only the version part of a tag counts, so `\"3.17\"`, `\"3.17-gzip\"` and `\"3\"` all mean version 3. A weak tag, or one that this API didn't create, never matches. It also applies to reads.",
            $@"^(\*|{Tag}(, *{Tag})*)$"
        ),
        ["If-None-Match"] = (
            "The entity tags that you have (RFC 9110 section 13.1.2), or `*`. A read returns 304 while one of them is current; a write returns 412 when one of them names the current version. A malformed value is ignored.",
            null
        ),
    };

    /// <summary>The header as a parameter, for the document's components.</summary>
    public static OpenApiParameter Parameter(string name)
    {
        var (description, pattern) = Texts.TryGetValue(name, out var text)
            ? text
            : throw new InvalidOperationException(
                $"The header {name} is not described: add it to {nameof(RequestHeaderTexts)}."
            );
        return new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern },
        };
    }
}
