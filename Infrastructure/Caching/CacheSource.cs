namespace MarketsApi.Infrastructure.Caching;

/// <summary>Where an answer came from.</summary>
internal enum CacheSource
{
    /// <summary>The memory of this process.</summary>
    Memory,

    /// <summary>Redis.</summary>
    Redis,

    /// <summary>The database.</summary>
    Database,

    /// <summary>The database, by somebody else's request for the same at the same time.</summary>
    Shared,

    /// <summary>The database, because caching is off or there was nothing to keep.</summary>
    None,
}
