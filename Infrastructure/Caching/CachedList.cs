using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>The result of a read that came through <see cref="ListCache"/>.</summary>
/// <typeparam name="T">What the body says.</typeparam>
/// <param name="answer">What was found.</param>
/// <param name="source">Where.</param>
internal sealed class CachedList<T>(CachedListResponse answer, CacheSource source)
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
    public Task ExecuteAsync(HttpContext httpContext) => CachedResponseWriter.SendAsync(httpContext, answer, source);
}
