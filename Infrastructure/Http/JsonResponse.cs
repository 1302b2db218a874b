using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;

namespace MarketsApi.Infrastructure.Http;

/// <summary>A 200 whose body has been made already, so that it goes out in one piece with its length.</summary>
/// <typeparam name="T">What the body says.</typeparam>
/// <param name="body">The body: JSON in UTF-8.</param>
public sealed class JsonResponse<T>(ReadOnlyMemory<byte> body)
    : IResult,
        IStatusCodeHttpResult,
        IEndpointMetadataProvider
{
    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"])
        );

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => JsonBody.SendAsync(httpContext.Response, body);
}

/// <summary>The body of a successful response without paging.</summary>
/// <param name="Data">The result of the request.</param>
public sealed record Envelope<T>(T Data)
    where T : notnull
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}
