using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>The OpenAPI 3.1 document: what the endpoints' metadata and the validators say, and nothing that a slice would have to say twice.</summary>
internal static class OpenApiSetup
{
    /// <summary>The name of the only document.</summary>
    public const string Name = "v1";

    /// <summary>Where the document is.</summary>
    public const string Path = "/openapi/v1.json";

    public static void AddOpenApiDocument(this WebApplicationBuilder builder, ApiDescription description)
    {
        builder.Services.AddSingleton(description);
        builder.Services.AddSingleton<DocumentText>();
        // The call's form matters: the source generator that carries the XML comments into the document looks for it.
        builder.Services.AddOpenApi(
            "v1",
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.CreateSchemaReferenceId = SchemaNames.Of;
                // Where GET works HEAD does, which the description says once for all.
                options.ShouldInclude = endpoint => endpoint.HttpMethod != HttpMethods.Head;
                options.AddSchemaTransformer<WireSchemas>();
                options.AddSchemaTransformer<RequestSchemas>();
                options.AddSchemaTransformer<ResponseSchemas>();
                options.AddOperationTransformer<OperationSecurity>();
                options.AddOperationTransformer<OperationParameters>();
                options.AddOperationTransformer<OptionalBodies>();
                options.AddOperationTransformer<OperationResponses>();
                options.AddOperationTransformer<OperationProblems>();
                options.AddDocumentTransformer<DocumentInfo>();
                options.AddDocumentTransformer<DocumentExamples>();
                options.AddDocumentTransformer<DocumentOrder>();
                options.AddDocumentTransformer<ProblemExamples>();
            }
        );
    }

    /// <summary>The document, and the page to read it with.</summary>
    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], HandleAsync)
            .ExcludeFromDescription()
            .AllowAnonymous();
        app.UseDocsPage();
    }

    private static async Task<IResult> HandleAsync(
        DocumentText text,
        EntityTagCompressionProvider compression,
        HttpContext context
    )
    {
        var (json, tag) = await text.GetAsync();
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        if (context.IsNotModified(tag))
        {
            return TypedResults.Empty;
        }

        if (compression.FindFor(context) is { } provider)
        {
            // Compressed once: the document is open and without a rate limit.
            (headers.ETag, headers.ContentEncoding) = (compression.TagAsSent(context, tag), provider.EncodingName);
            json = text.Compressed(json, provider);
        }

        return TypedResults.Bytes(json, "application/json; charset=utf-8");
    }
}

/// <summary>The document as it is sent, made at the first request for it.</summary>
internal sealed class DocumentText([FromKeyedServices(OpenApiSetup.Name)] IOpenApiDocumentProvider provider)
{
    private readonly Lazy<Task<(byte[], string)>> _text = new(() => WriteAsync(provider));
    private readonly ConcurrentDictionary<string, byte[]> _compressed = new(StringComparer.Ordinal);

    /// <summary>The JSON in UTF-8, the same on every machine, with its entity tag.</summary>
    public Task<(byte[] Json, string Tag)> GetAsync() => _text.Value;

    /// <summary>The JSON as this provider compresses it.</summary>
    public byte[] Compressed(byte[] json, ICompressionProvider provider) =>
        _compressed.GetOrAdd(
            provider.EncodingName,
            _ =>
            {
                using var compressed = new MemoryStream();
                using (var stream = provider.CreateStream(compressed))
                {
                    stream.Write(json);
                }

                return compressed.ToArray();
            }
        );

    private static async Task<(byte[], string)> WriteAsync(IOpenApiDocumentProvider provider)
    {
        // No caller's cancellation: the result is for all of them.
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        await using var writer = new StringWriter { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(writer));
        var json = Encoding.UTF8.GetBytes(writer + "\n");
        var hash = Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8));
        return (json, $"\"{hash}\"");
    }
}
