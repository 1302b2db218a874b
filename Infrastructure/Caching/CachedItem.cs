using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>The result of a read that came through <see cref="ItemCache"/>: 200, or 304 when If-None-Match names its version.</summary>
/// <typeparam name="T">The type of the body.</typeparam>
/// <param name="result">The cached item.</param>
internal sealed class CachedItem<T>(CacheResult result) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
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
        var services = httpContext.RequestServices;
        return CachedResponseWriter.SendAsync(
            httpContext,
            result.Item,
            result.Source,
            isPublic: result.Item.OnlyFor is null && !services.GetRequiredService<AuthSettings>().RequireTokenForReads,
            services.GetRequiredService<TimeProvider>()
        );
    }
}

/// <summary>The result of a read that came through <see cref="ListCache"/>.</summary>
/// <typeparam name="T">The type of the body.</typeparam>
/// <param name="list">The cached list.</param>
/// <param name="source">Where.</param>
internal sealed class CachedList<T>(CachedListResponse list, CacheSource source)
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
    public Task ExecuteAsync(HttpContext httpContext) =>
        CachedResponseWriter.SendAsync(
            httpContext,
            list,
            source,
            httpContext.RequestServices.GetRequiredService<TimeProvider>()
        );
}
