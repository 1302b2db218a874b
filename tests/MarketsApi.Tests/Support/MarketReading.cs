using System.Net;

namespace MarketsApi.Tests.Support;

/// <summary>What a read or a write of one market said.</summary>
/// <param name="Status">The response's status.</param>
/// <param name="Version">The first number of its entity tag; 0 without one.</param>
/// <param name="CacheStatus">The Cache-Status header; empty without one.</param>
public readonly record struct MarketReading(HttpStatusCode Status, long Version, string CacheStatus)
{
    /// <summary>Whether it came from the memory of the instance.</summary>
    public bool IsMemoryHit => CacheStatus == "MarketsApi; hit; detail=memory";

    /// <summary>Whether it came from Redis.</summary>
    public bool IsRedisHit => CacheStatus == "MarketsApi; hit; detail=redis";

    /// <summary>Reads a response's headers.</summary>
    public static MarketReading Of(HttpResponseMessage response)
    {
        var tag = response.Headers.ETag?.Tag.Trim('"').Split('.')[0];
        return new(
            response.StatusCode,
            tag is null ? 0 : long.Parse(tag, System.Globalization.CultureInfo.InvariantCulture),
            response.Headers.TryGetValues("Cache-Status", out var values) ? string.Join(", ", values) : ""
        );
    }
}
