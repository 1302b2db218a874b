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
        var answer = (long[])
            _redis.ScriptEvaluate(
                Charging,
                _key,
                [cost, _policy.Limit, _policy.BucketMicroseconds, Text(seconds), Text(microseconds)]
            )!;
        // Redis ends keys by its own time, which doesn't stand still while the test is held up.
        _redis.KeyPersist(_key[0]);
        return new(answer[0] == 1, (int)answer[1], answer[2] / 1000d, answer[3]);
    }

    public void GiveBack(long time, int cost, long bucket) =>
        _redis.ScriptEvaluate(RateLimitScripts.GiveBack, _key, [cost, bucket]);

    private static RedisValue Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
