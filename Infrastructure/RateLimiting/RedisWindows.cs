using MarketsApi.Infrastructure.Redis;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>The callers' windows in Redis, for all instances: used while it answers, and done without while it doesn't.</summary>
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

    private TimeSpan Timeout => TimeSpan.FromMilliseconds(settings.RedisTimeoutMilliseconds);

    private volatile bool _isUp;
    private int _failures;

    /// <summary>Whether Redis is there to be asked.</summary>
    public bool IsUp => _isUp;

    /// <summary>Counts a request in Redis if every limit allows it.</summary>
    /// <returns>How the caller stands with each limit; null when Redis didn't say in time.</returns>
    public async Task<WindowState[]?> ChargeAsync(RateLimitPolicies plan, RateLimitCaller caller)
    {
        try
        {
            var standings = await AskAsync(plan, caller);
            Volatile.Write(ref _failures, 0);
            return standings;
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            NoteFailure(exception);
            return null;
        }
    }

    /// <summary>Gives back what was counted; nobody waits for that.</summary>
    public void GiveBack(RateLimitPolicies plan, RateLimitCaller caller, WindowState[] standings) =>
        _ = GiveBackAsync(
            KeysOf(plan, caller),
            [.. plan.Policies.SelectMany((policy, i) => (RedisValue[])[plan.CostOf(policy), standings[i].Bucket])]
        );

    /// <summary>Looks for a Redis that is away; requests notice by themselves when one goes.</summary>
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

    /// <summary>Whether Redis counts in time. The first call after a start is slow by itself; it is tried here so that it is nobody's request.</summary>
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

        var answer = await redis.EvaluateAsync(RateLimitScripts.Charge, KeysOf(plan, caller), arguments, Timeout);
        return Read((long[])answer!, plan);
    }

    /// <summary>In a cluster the keys of one caller have to be on one server, which the braces see to.</summary>
    private static RedisKey[] KeysOf(RateLimitPolicies plan, RateLimitCaller caller) =>
        [.. plan.Policies.Select(policy => (RedisKey)$"limit:{{{caller}}}:{policy.Name}")];

    private static WindowState[] Read(long[] answer, RateLimitPolicies plan)
    {
        var standings = new WindowState[plan.Policies.Length];
        for (var i = 0; i < standings.Length; i++)
        {
            var (remaining, milliseconds, bucket) = ((int)answer[3 * i + 1], answer[3 * i + 2], answer[3 * i + 3]);
            var isPermitted = answer[0] == 1 || remaining >= plan.CostOf(plan.Policies[i]);
            standings[i] = new(isPermitted, remaining, milliseconds / 1000d, bucket);
        }

        return standings;
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
        Message = "Rate limits are counted by this instance alone for now: Redis doesn't answer ({reason})"
    )]
    private partial void LogAlone(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Rate limits are shared through Redis")]
    private partial void LogShared();
}
