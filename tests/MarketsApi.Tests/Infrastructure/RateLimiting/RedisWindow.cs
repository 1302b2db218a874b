using System.Globalization;
using MarketsApi.Infrastructure.RateLimiting;
using StackExchange.Redis;

namespace MarketsApi.Tests.Infrastructure.RateLimiting;

/// <summary>A window in Redis: the program's own scripts, but for the line that asks Redis for the time.</summary>
internal sealed class RedisWindow : IWindow
{
    private const string OwnTime = "redis.call('TIME')";

    private static readonly string Charging = RateLimitScripts.Charge.Replace(
        OwnTime,
        "{ARGV[4], ARGV[5]}",
        StringComparison.Ordinal
    );

    private readonly IDatabase _redis;
    private readonly RateLimitPolicy _policy;
    private readonly RedisKey[] _key = [$"limit:test:{Guid.NewGuid()}"];

    public RedisWindow(IDatabase redis, RateLimitPolicy policy)
    {
        Xunit.Assert.Contains(OwnTime, RateLimitScripts.Charge, StringComparison.Ordinal);
        (_redis, _policy) = (redis, policy);
    }

    public long Bytes => (long)_redis.Execute("STRLEN", _key[0]);

    public WindowState Charge(long time, int cost)
    {
        var (seconds, microseconds) = Math.DivRem(time, 1_000_000);
        var response = (long[])
            _redis.ScriptEvaluate(
                Charging,
                _key,
                [cost, _policy.Limit, _policy.BucketMicroseconds, Text(seconds), Text(microseconds)]
            )!;
        // Redis expires keys by its own clock, which goes on while the test is delayed.
        _redis.KeyPersist(_key[0]);
        return new(response[0] == 1, (int)response[1], response[2] / 1000d, response[3]);
    }

    public void GiveBack(long time, int cost, long bucket) =>
        _redis.ScriptEvaluate(RateLimitScripts.GiveBack, _key, [cost, bucket]);

    private static RedisValue Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
