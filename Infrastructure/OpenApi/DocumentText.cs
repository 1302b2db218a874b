using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>The document as it is sent, made when somebody first asks for it.</summary>
internal sealed class DocumentText([FromKeyedServices(OpenApiSetup.Name)] IOpenApiDocumentProvider provider)
{
    private readonly Lazy<Task<(byte[], string)>> _text = new(() => WriteAsync(provider));

    /// <summary>The JSON in UTF-8, the same on every machine, with its entity tag.</summary>
    public Task<(byte[] Json, string Tag)> GetAsync() => _text.Value;

    private static async Task<(byte[], string)> WriteAsync(IOpenApiDocumentProvider provider)
    {
        // No caller's cancellation: the result is everybody's.
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        await using var writer = new StringWriter { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(writer));
        var json = Encoding.UTF8.GetBytes(writer + "\n");
        var hash = Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8));
        return (json, $"\"{hash}\"");
    }
}
