using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace MarketsApi.Infrastructure.Http;

/// <summary>A 200 whose body is made at once rather than while it is sent, so that it goes out in one piece with its length.</summary>
/// <typeparam name="T">What the body says.</typeparam>
public sealed class Answer<T> : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    /// <summary>Says this.</summary>
    public Answer(T value) => Body = JsonSerializer.SerializeToUtf8Bytes(value, JsonSettings.Wire);

    /// <summary>The body: JSON in UTF-8.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"])
        );

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }
}
