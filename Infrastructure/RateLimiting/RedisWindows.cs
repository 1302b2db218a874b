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

    /// <summary>Looks for a Redis that is away. That one goes away is noticed by the requests.</summary>
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
        Message = "Rate limits are counted by this instance alone for now: Redis doesn't respond ({reason})"
    )]
    private partial void LogAlone(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Rate limits are shared through Redis")]
    private partial void LogShared();
}
