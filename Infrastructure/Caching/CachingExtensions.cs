namespace MarketsApi.Infrastructure.Caching;

/// <summary>Caching as an endpoint's declaration.</summary>
internal static class CachingExtensions
{
    /// <summary>Declares that answers about the item in this route parameter come through <see cref="ItemCache"/>; copies in memory are then given without running the handler.</summary>
    /// <remarks>Only for items that anybody may see who may use the endpoint; others are never kept.</remarks>
    public static TBuilder CachesItem<TBuilder>(this TBuilder builder, string idParameter)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CacheMetadata(idParameter));

    /// <summary>The same for a list that comes through <see cref="ListCache"/>.</summary>
    public static TBuilder CachesList<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CacheMetadata(null));
}
