namespace MarketsApi.Infrastructure.Caching;

/// <summary>Caching as an endpoint's declaration.</summary>
internal static class CachingExtensions
{
    /// <summary>Declares that the item in this route parameter comes through <see cref="ItemCache"/>; callers without a token then get public items past the handler.</summary>
    /// <param name="builder">The route.</param>
    /// <param name="kind">What it is, the first part of its key in Redis.</param>
    /// <param name="idParameter">The route parameter with its id.</param>
    /// <param name="load">Reads it from the database, as the handler does; null when there is none.</param>
    public static TBuilder CachesItem<TBuilder>(
        this TBuilder builder,
        string kind,
        string idParameter,
        Func<Database, Guid, CancellationToken, Task<CacheItem?>> load
    )
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new CacheMetadata(new CacheMetadata.Source(kind, idParameter, load)));

    /// <summary>Declares that the list comes through <see cref="ListCache"/>; callers without a token then get what is kept past the handler.</summary>
    public static TBuilder CachesList<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CacheMetadata(null));
}
