namespace MarketsApi.Infrastructure.Caching;

/// <summary>An item, and where it came from.</summary>
/// <param name="Item">What is known; never just a version.</param>
/// <param name="Source">Where it came from.</param>
internal readonly record struct CacheResult(CacheItem Item, CacheSource Source);
