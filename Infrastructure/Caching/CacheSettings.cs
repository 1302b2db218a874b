using System.ComponentModel.DataAnnotations;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>What is cached, where, and for how long; docs/caching.md says what is promised about it.</summary>
internal sealed class CacheSettings
{
    public const string Section = "Caching";

    /// <summary>Whether responses are cached at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The most memory of this process that cached responses take, in MiB; 0 leaves only Redis.</summary>
    [Range(0, 65_536)]
    public int MemoryMegabytes { get; set; } = 32;

    /// <summary>How long Redis keeps an item, in seconds.</summary>
    [Range(1, 86_400)]
    public int ItemSeconds { get; set; } = 300;

    /// <summary>How long a copy in memory is used, in seconds; with a Redis <see cref="MemorySecondsWithRedis"/> unless it is set.</summary>
    /// <remarks>Without a Redis no message tells of other instances' changes, and this bounds how old a copy can be.</remarks>
    [Range(1, 86_400)]
    public int MemorySeconds { get; set; } = 5;

    /// <summary>The same where each instance hears of changes, or notices that it doesn't: a copy is good at any age, and Redis would return the same one.</summary>
    public const int MemorySecondsWithRedis = 60;

    /// <summary>How long an id that doesn't exist is remembered, in seconds.</summary>
    [Range(1, 86_400)]
    public int AbsentSeconds { get; set; } = 5;

    /// <summary>How long a list is used, in seconds; 0 keeps none.</summary>
    [Range(0, 86_400)]
    public int ListSeconds { get; set; } = 2;

    /// <summary>The longest that a request waits for Redis, in milliseconds.</summary>
    [Range(5, 5_000)]
    public int RedisTimeoutMilliseconds { get; set; } = 50;

    /// <summary><see cref="RedisTimeoutMilliseconds"/> as a duration.</summary>
    public TimeSpan RedisTimeout => TimeSpan.FromMilliseconds(RedisTimeoutMilliseconds);
}
