using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>What the transformers of operations ask and add.</summary>
internal static class OperationExtensions
{
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
}
