using MarketsApi.Infrastructure.Redis;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>The callers' windows in Redis, for all instances: used while Redis responds, and not while it doesn't.</summary>
internal sealed partial class RedisWindows(
    RedisConnection redis,
    RateLimitSettings settings,
    RateLimitMetrics metrics,
    ILogger<RedisWindows> logger
) : BackgroundService
{
    private const int FailuresUntilDown = 3;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);
    private static readonly RateLimitPolicies Probe = new([new(0, "probe", RateLimitSettings.MostPermits, 1)], 1);

    private volatile bool _isUp;
    private int _failures;

    private TimeSpan Timeout => TimeSpan.FromMilliseconds(settings.RedisTimeoutMilliseconds);

    /// <summary>Whether requests use Redis.</summary>
    public bool IsUp => _isUp;

    /// <summary>Counts a request in Redis if every limit allows it.</summary>
    /// <returns>The state of each limit; null when Redis didn't respond in time.</returns>
    public async Task<WindowState[]?> ChargeAsync(RateLimitPolicies plan, RateLimitCaller caller)
    {
        try
        {
            var states = await AskAsync(plan, caller);
            Volatile.Write(ref _failures, 0);
            return states;
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            NoteFailure(exception);
            return null;
        }
    }

    /// <summary>Gives back what was counted, without waiting for it.</summary>
    public void GiveBack(RateLimitPolicies plan, RateLimitCaller caller, WindowState[] states) =>
        _ = GiveBackAsync(
            KeysOf(plan, caller),
            [.. plan.Policies.SelectMany((policy, i) => (RedisValue[])[plan.CostOf(policy), states[i].Bucket])]
        );

    /// <summary>Checks whether an unavailable Redis is back. The requests notice when it becomes unavailable.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!redis.IsConfigured || !settings.Enabled)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!_isUp && await CountsInTimeAsync())
                {
                    Volatile.Write(ref _failures, 0);
                    _isUp = true;
                    metrics.SetShared(true);
                    LogShared();
                }

                await Task.Delay(BetweenLooks, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Whether Redis counts in time. The first call after a start is slow; it is made here so that no request has to.</summary>
    private async Task<bool> CountsInTimeAsync()
    {
        try
        {
            return await redis.IsRespondingAsync(CancellationToken.None)
                && await AskAsync(Probe, default) is not null
                && await AskAsync(Probe, default) is not null;
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            return false;
        }
    }

    private async Task<WindowState[]> AskAsync(RateLimitPolicies plan, RateLimitCaller caller)
    {
        var arguments = new RedisValue[3 * plan.Policies.Length];
        for (var i = 0; i < plan.Policies.Length; i++)
        {
            var policy = plan.Policies[i];
            arguments[3 * i] = plan.CostOf(policy);
            arguments[3 * i + 1] = policy.Limit;
            arguments[3 * i + 2] = policy.BucketMicroseconds;
        }

        var values = await redis.EvaluateAsync(RateLimitScripts.Charge, KeysOf(plan, caller), arguments, Timeout);
        return Read((long[])values!, plan);
    }

    /// <summary>In a cluster the keys of one caller have to be on one server: the braces make it so.</summary>
    private static RedisKey[] KeysOf(RateLimitPolicies plan, RateLimitCaller caller) =>
        [.. plan.Policies.Select(policy => (RedisKey)$"limit:{{{caller}}}:{policy.Name}")];

    private static WindowState[] Read(long[] values, RateLimitPolicies plan)
    {
        var states = new WindowState[plan.Policies.Length];
        for (var i = 0; i < states.Length; i++)
        {
            var (remaining, milliseconds, bucket) = ((int)values[3 * i + 1], values[3 * i + 2], values[3 * i + 3]);
            var isPermitted = values[0] == 1 || remaining >= plan.CostOf(plan.Policies[i]);
            states[i] = new(isPermitted, remaining, milliseconds / 1000d, bucket);
        }

        return states;
    }

    private async Task GiveBackAsync(RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            await redis.EvaluateAsync(RateLimitScripts.GiveBack, keys, arguments, Timeout);
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            // The caller has a permit less than they could have, until the window has passed.
        }
    }

    private void NoteFailure(Exception exception)
    {
        metrics.RedisFailed();
        if (
            (exception is RedisConnectionException || Interlocked.Increment(ref _failures) >= FailuresUntilDown)
            && Interlocked.Exchange(ref _isUp, false)
        )
        {
            metrics.SetShared(false);
            LogAlone(exception.Message);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This instance counts rate limits alone for now: Redis doesn't respond ({reason})"
    )]
    private partial void LogAlone(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Rate limits are shared through Redis")]
    private partial void LogShared();
}

/// <summary>What happens inside Redis: <see cref="SlidingWindow"/> again, each step for all limits of a request at once.</summary>
/// <remarks>
/// A key holds how many permits are in use (4 bytes), then the buckets in which they were given, oldest first: 5 bytes number, 3 bytes count.
/// Time is Redis' own: the instances' clocks don't matter.
/// </remarks>
internal static class RateLimitScripts
{
    /// <summary>Counts a request if every limit allows it: KEYS one per limit; ARGV for each its cost, permits, and a bucket's microseconds.</summary>
    /// <returns>1 or 0; then for each limit what remains, how many ms until more does, and the bucket.</returns>
    public const string Charge = """
        local buckets = 120
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local permitted, windows = 1, {}
        for i, key in ipairs(KEYS) do
          local cost, limit, length = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
          local value = redis.call('GET', key) or ''
          local bucket, used, first = math.floor(now / length), 0, 5
          if #value >= 12 then
            local newest = struct.unpack('>I5', value, #value - 7)
            if newest > bucket + buckets then value = '' else bucket = math.max(bucket, newest) end
          end
          if #value >= 12 then used = struct.unpack('>I4', value) end
          while first < #value do
            local oldest, count = struct.unpack('>I5I3', value, first)
            if oldest + buckets >= bucket then break end
            used = used - count
            first = first + 8
          end
          local window = { bucket = bucket, used = used, cost = cost, limit = limit, length = length, rest = string.sub(value, first) }
          if used + cost > limit then permitted = 0 end
          windows[i] = window
        end
        local result = { permitted }
        for i, window in ipairs(windows) do
          local rest, missing = window.rest, window.used + window.cost - window.limit
          if permitted == 1 then
            local count = 0
            if #rest > 0 then
              local newest, already = struct.unpack('>I5I3', rest, #rest - 7)
              if newest == window.bucket then
                count = already
                rest = string.sub(rest, 1, #rest - 8)
              end
            end
            window.used = window.used + window.cost
            rest = rest .. struct.pack('>I5I3', window.bucket, count + window.cost)
            local life = (window.bucket + buckets + 1) * window.length - now
            redis.call('SET', KEYS[i], struct.pack('>I4', window.used) .. rest, 'PX', math.ceil(life / 1000))
          end
          local wait, at = 0, 1
          if missing < 1 then missing = 1 end
          while at < #rest and missing > 0 do
            local bucket, count = struct.unpack('>I5I3', rest, at)
            missing = missing - count
            at = at + 8
            if missing <= 0 then wait = (bucket + buckets + 1) * window.length - now end
          end
          table.insert(result, window.limit - window.used)
          table.insert(result, math.ceil(wait / 1000))
          table.insert(result, window.bucket)
        end
        return result
        """;

    /// <summary>Gives back what was counted: KEYS one per limit; ARGV for each the cost and the bucket.</summary>
    public const string GiveBack = """
        for i, key in ipairs(KEYS) do
          local cost, wanted = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
          local value = redis.call('GET', key) or ''
          for at = #value - 7, 5, -8 do
            local bucket, count = struct.unpack('>I5I3', value, at)
            if bucket == wanted then
              local back = math.min(cost, count)
              local used = struct.pack('>I4', struct.unpack('>I4', value) - back)
              local entry = struct.pack('>I5I3', bucket, count - back)
              redis.call('SET', key, used .. string.sub(value, 5, at - 1) .. entry .. string.sub(value, at + 8), 'KEEPTTL')
              break
            end
          end
        end
        """;
}
