using System.Diagnostics.Metrics;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>What the cache does, as metrics (meter MarketsApi.Caching).</summary>
internal sealed class CacheMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "MarketsApi.Caching";

    private readonly Counter<long> _responses;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _redisErrors;
    private readonly Counter<long> _unconfirmed;
    private volatile int[] _isRedisUp = [];

    public CacheMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        _responses = meter.CreateCounter<long>(
            "cache.responses",
            "{response}",
            "Responses to cacheable reads; cache.kind is item or list, cache.source memory, redis, database, shared or none."
        );
        _changes = meter.CreateCounter<long>(
            "cache.invalidations",
            "{change}",
            "Changes that copies were dropped for; cache.origin is this instance (own) or another (heard)."
        );
        _redisErrors = meter.CreateCounter<long>(
            "cache.redis.errors",
            "{call}",
            "Calls to Redis that failed or timed out."
        );
        _unconfirmed = meter.CreateCounter<long>(
            "cache.unconfirmed",
            "{change}",
            "Changes that not every instance confirmed in time."
        );
        meter.CreateObservableGauge(
            "cache.redis.up",
            () => _isRedisUp.Select(isUp => new Measurement<int>(isUp)),
            "{state}",
            "Whether Redis is in use: 0 when the circuit breaker is open; not reported when none is configured."
        );
    }

    public void CountResponse(string kind, CacheSource source) =>
        _responses.Add(1, new("cache.kind", kind), new("cache.source", NameOf(source)));

    public void Changed() => _changes.Add(1, new KeyValuePair<string, object?>("cache.origin", "own"));

    public void HeardOfChange() => _changes.Add(1, new KeyValuePair<string, object?>("cache.origin", "heard"));

    public void RedisFailed() => _redisErrors.Add(1);

    public void Unconfirmed() => _unconfirmed.Add(1);

    public void SetRedisUp(bool isUp) => _isRedisUp = [isUp ? 1 : 0];

    /// <summary>The source's name, on metrics and in the log.</summary>
    public static string NameOf(CacheSource source) =>
        source switch
        {
            CacheSource.Memory => "memory",
            CacheSource.Redis => "redis",
            CacheSource.Database => "database",
            CacheSource.Shared => "shared",
            _ => "none",
        };
}
