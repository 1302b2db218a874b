using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>The result of a read that came through <see cref="ItemCache"/>: 200, or 304 when If-None-Match names its version.</summary>
/// <typeparam name="T">What the body says.</typeparam>
/// <param name="answer">What was found.</param>
internal sealed class CachedItem<T>(CacheResult answer) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"])
        );
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var settings = httpContext.RequestServices.GetRequiredService<Auth.AuthSettings>();
        return CachedResponseWriter.SendAsync(
            httpContext,
            answer.Item,
            answer.Source,
            isPublic: answer.Item.OnlyFor is null && !settings.RequireTokenForReads
        );
    }
}
