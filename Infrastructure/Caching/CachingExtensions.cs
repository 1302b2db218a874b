namespace MarketsApi.Infrastructure.Caching;

/// <summary>Caching as an endpoint's declaration.</summary>
internal static class CachingExtensions
{
    /// <summary>Declares that the item in this route parameter comes through <see cref="ItemCache"/>; callers without a token then get public items that are in memory past the handler.</summary>
    public static TBuilder CachesItem<TBuilder>(this TBuilder builder, string idParameter)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CacheMetadata(idParameter));

    /// <summary>Declares that the list comes through <see cref="ListCache"/>; callers without a token then get what is in memory past the handler.</summary>
    public static TBuilder CachesList<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CacheMetadata(null));
}

/// <summary>Declares that an endpoint's responses are cached.</summary>
/// <param name="IdParameter">The route parameter with the item's id; null for a list.</param>
internal sealed record CacheMetadata(string? IdParameter);
