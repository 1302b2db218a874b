namespace MarketsApi.Infrastructure.Caching;

/// <summary>Says that an endpoint's answers are kept.</summary>
/// <param name="Item">How to find the item that its path names; null for a list.</param>
internal sealed record CacheMetadata(CacheMetadata.Source? Item)
{
    /// <summary>Where an endpoint's item comes from.</summary>
    /// <param name="Kind">The first part of its key in Redis.</param>
    /// <param name="IdParameter">The route parameter with its id.</param>
    /// <param name="Load">Reads it from the database; null when there is none.</param>
    internal sealed record Source(
        string Kind,
        string IdParameter,
        Func<Database, Guid, CancellationToken, Task<CacheItem?>> Load
    );
}
