using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>What is kept, where, and for how long; docs/caching.md says what is promised about it.</summary>
internal sealed class CacheSettings : ISettings
{
    public static string Section => "Caching";

    /// <summary>Whether answers are kept at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The most memory of this process that kept answers take, in MiB; 0 leaves only Redis.</summary>
    public int MemoryMegabytes { get; set; } = 32;

    /// <summary>How long Redis keeps an item, in seconds.</summary>
    public int ItemSeconds { get; set; } = 300;

    /// <summary>How long a copy in memory is used, in seconds: the bound on how old one can be should a message about its change be lost.</summary>
    public int MemorySeconds { get; set; } = 5;

    /// <summary>How long an id that doesn't exist is remembered, in seconds.</summary>
    public int AbsentSeconds { get; set; } = 5;

    /// <summary>How long a list is used, in seconds; 0 keeps none.</summary>
    public int ListSeconds { get; set; } = 2;

    /// <summary>The longest that a request waits for Redis, in milliseconds.</summary>
    public int RedisTimeoutMilliseconds { get; set; } = 50;

    /// <summary><see cref="RedisTimeoutMilliseconds"/> as a duration.</summary>
    public TimeSpan RedisTimeout => TimeSpan.FromMilliseconds(RedisTimeoutMilliseconds);

    public IEnumerable<string> Faults(IHostEnvironment environment)
    {
        if (MemoryMegabytes is < 0 or > 65_536)
        {
            yield return $"Caching:MemoryMegabytes must be from 0 to 65536; it is {MemoryMegabytes}.";
        }

        foreach (
            var (name, value, least) in ((string, int, int)[])
                [
                    (nameof(ItemSeconds), ItemSeconds, 1),
                    (nameof(MemorySeconds), MemorySeconds, 1),
                    (nameof(AbsentSeconds), AbsentSeconds, 1),
                    (nameof(ListSeconds), ListSeconds, 0),
                ]
        )
        {
            if (value < least || value > 86_400)
            {
                yield return $"Caching:{name} must be from {least} to 86400; it is {value}.";
            }
        }

        if (RedisTimeoutMilliseconds is < 5 or > 5_000)
        {
            yield return $"Caching:RedisTimeoutMilliseconds must be from 5 to 5000; it is {RedisTimeoutMilliseconds}.";
        }
    }
}
