namespace MarketsApi.Infrastructure.Caching;

/// <summary>Says that an endpoint's answers are kept.</summary>
/// <param name="IdParameter">The route parameter that names the item; null for a list.</param>
internal sealed record CacheMetadata(string? IdParameter);
