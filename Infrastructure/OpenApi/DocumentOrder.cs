using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>One order for everything that comes in no order, so that the document differs only where the API does.</summary>
internal sealed class DocumentOrder : IOpenApiDocumentTransformer
{
    private static readonly HttpMethod[] Methods =
    [
        HttpMethod.Get,
        HttpMethod.Post,
        HttpMethod.Put,
        HttpMethod.Patch,
        HttpMethod.Delete,
    ];

    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var paths = document.Paths.OrderBy(path => path.Key, StringComparer.Ordinal).ToList();
        document.Paths = [];
        foreach (var (path, item) in paths)
        {
            var operations = item.Operations!;
            ((OpenApiPathItem)item).Operations = Methods
                .Where(operations.ContainsKey)
                .ToDictionary(method => method, method => operations[method]);
            document.Paths.Add(path, item);
        }

        var uses = document
            .Paths.SelectMany(path => path.Value.Operations!.Values)
            .SelectMany(operation => operation.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(tag => tag.Name)
            .ToList();
        // What there is most of is what the API is about.
        document.Tags = document
            .Tags?.OrderByDescending(tag => uses.Count(use => use == tag.Name))
            .ThenBy(tag => uses.IndexOf(tag.Name))
            .ToHashSet();
        if (document.Components is { } components)
        {
            components.Headers = Sorted(components.Headers);
            components.Parameters = Sorted(components.Parameters);
            components.Responses = Sorted(components.Responses);
            components.Schemas = Sorted(components.Schemas);
        }

        return Task.CompletedTask;
    }

    private static Dictionary<string, T>? Sorted<T>(IDictionary<string, T>? components) =>
        components
            ?.OrderBy(component => component.Key, StringComparer.Ordinal)
            .ToDictionary(component => component.Key, component => component.Value, StringComparer.Ordinal);
}
