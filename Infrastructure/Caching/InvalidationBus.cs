using System.Globalization;
using System.Text;
using MarketsApi.Infrastructure.Redis;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Whether Redis can be trusted right now: the circuit breaker, and the subscription to the changes of other instances.</summary>
/// <remarks>
/// No request tries a Redis that is unavailable; the beats of this class find it again. It counts as back only when beats have succeeded and
/// heard on the subscription for a while (<see cref="Quarantine"/>). In that time every other instance announces the changes that it
/// couldn't announce before: it begins a new epoch, which forgets everything.
/// </remarks>
internal sealed partial class InvalidationBus(
    RedisConnection redis,
    CacheSettings settings,
    LocalCache local,
    InvalidationAcks acks,
    CacheMetrics metrics,
    TimeProvider clock,
    ILogger<InvalidationBus> logger
) : BackgroundService
{
    /// <summary>Where changes are announced, to all instances.</summary>
    public const string Channel = "cache:changes";

    private const string EpochKey = "cache:epoch";
    private const int FailuresUntilDown = 3;
    private const int BeatsUntilDown = 2;
    private const int MostUnheardBeats = 3;

    private static readonly TimeSpan BeatWhileUp = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BeatWhileDown = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a beat waits: longer than a request, so that a busy moment of this process doesn't count as an outage.</summary>
    private static readonly TimeSpan BeatTimeout = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(1);

    /// <summary>The value of <see cref="_backSince"/> while beats fail.</summary>
    private const long Never = long.MaxValue;

    private byte[] _epoch = [];
    private volatile bool _isUp;
    private volatile bool _hasLoggedDown;
    private volatile bool _isReachable;
    private volatile bool _hasMissedChanges;
    private bool _isSubscribed;
    private int _failures;
    private int _missedBeats;
    private long _beat;
    private long _heard;

    /// <summary>Since when beats succeed, as a timestamp of the clock. After the start of the process there is nothing to wait for.</summary>
    private long _backSince = clock.GetTimestamp() - (long)(Quarantine.TotalSeconds * clock.TimestampFrequency);

    /// <summary>This instance's name among the others.</summary>
    public string Instance { get; } = InstanceName.New();

    /// <summary>Whether requests use Redis.</summary>
    public bool IsUp => _isUp;

    /// <summary>Whether a change can be announced: also while Redis is not yet trusted again.</summary>
    public bool IsReachable => _isReachable;

    /// <summary>Whether this process hears of all changes, so that what it has cached is good; without a Redis it makes them all itself.</summary>
    public bool HearsOfChanges => _isUp || !redis.IsConfigured;

    /// <summary>The epoch of values that count, in ASCII.</summary>
    public byte[] Epoch => Volatile.Read(ref _epoch);

    /// <summary>A call went well.</summary>
    public void NoteSuccess() => Volatile.Write(ref _failures, 0);

    /// <summary>A call failed. Several in a row mean that Redis is unavailable; a broken connection means it at once.</summary>
    public void NoteFailure(Exception exception)
    {
        metrics.RedisFailed();
        if (exception is RedisConnectionException)
        {
            Lose("the connection is broken");
        }
        else if (Interlocked.Increment(ref _failures) >= FailuresUntilDown)
        {
            GoDown("calls fail");
        }
    }

    /// <summary>A change could not be announced; when Redis is back, everything in it is forgotten.</summary>
    public void NoteMissedChange()
    {
        _hasMissedChanges = true;
        GoDown("a change could not be announced");
    }

    /// <summary>Begins a new epoch: everything that any instance has cached is forgotten.</summary>
    /// <remarks>It waits for long: commands call it, just started on a machine that may be busy, and no request does.</remarks>
    public async Task ForgetAllAsync()
    {
        var epoch = await redis.EvaluateAsync(
            RedisScripts.ForgetAll,
            [EpochKey],
            [InstanceName.New(), redis.ChannelInScript(Channel), ChangeMessage.Everything(Instance)],
            20 * BeatTimeout
        );
        Begin((byte[])epoch!);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!redis.IsConfigured || !settings.Enabled)
        {
            return;
        }

        metrics.SetRedisUp(false);
        redis.ConnectionLost += (_, _) => Lose("the connection is broken");
        while (!stoppingToken.IsCancellationRequested)
        {
            await BeatAsync();
            await Task.Delay(_isUp ? BeatWhileUp : BeatWhileDown, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Subscribes once; the client subscribes again with each new connection.</summary>
    private async Task SubscribeAsync()
    {
        await redis.SubscribeAsync(Channel, Hear);
        await redis.SubscribeAsync(InvalidationAcks.ChannelOf(Instance), HearOwn);
        _isSubscribed = true;
    }

    private async Task BeatAsync()
    {
        try
        {
            if (!_isSubscribed)
            {
                await SubscribeAsync();
            }

            var beat = Interlocked.Increment(ref _beat).ToString(CultureInfo.InvariantCulture);
            var epoch = (byte[]?)
                await redis.EvaluateAsync(
                    RedisScripts.Beat,
                    [EpochKey],
                    [InstanceName.New(), redis.ChannelInScript(InvalidationAcks.ChannelOf(Instance)), $"B|{beat}"],
                    BeatTimeout
                );
            _missedBeats = 0;
            _isReachable = true;
            Interlocked.CompareExchange(ref _backSince, clock.GetTimestamp(), Never);
            await FollowAsync(epoch!);
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            if (exception is RedisConnectionException or RedisCommandException || ++_missedBeats >= BeatsUntilDown)
            {
                Lose(exception is TimeoutException ? "it doesn't respond" : exception.Message);
            }
        }
    }

    /// <summary>What a successful beat means.</summary>
    private async Task FollowAsync(byte[] epoch)
    {
        if (!_isUp && _hasMissedChanges)
        {
            try
            {
                _hasMissedChanges = false;
                await ForgetAllAsync();
            }
            catch (Exception exception) when (RedisConnection.IsOutage(exception))
            {
                _hasMissedChanges = true;
                throw;
            }

            return;
        }

        if (!Epoch.AsSpan().SequenceEqual(epoch))
        {
            Begin(epoch);
        }

        var unheard = _beat - Interlocked.Read(ref _heard);
        if (_isUp && unheard > MostUnheardBeats)
        {
            Lose("the subscription is silent");
        }
        else if (!_isUp && unheard <= 1 && IsOverQuarantine())
        {
            // What was cached before the outage may have changed since.
            local.Clear();
            NoteSuccess();
            _isUp = true;
            _hasLoggedDown = false;
            metrics.SetRedisUp(true);
            LogUp();
        }
    }

    private void Hear(string text)
    {
        if (ChangeMessage.Parse(text) is not { } message)
        {
            return;
        }

        if (message.Instance == Instance)
        {
            acks.Confirm(message.Nonce);
            return;
        }

        metrics.HeardOfChange();
        if (message.Epoch is { } epoch)
        {
            Begin(Encoding.ASCII.GetBytes(epoch));
            return;
        }

        message.ApplyTo(local);
        _ = ConfirmAsync(message);
    }

    private async Task ConfirmAsync(ChangeMessage message)
    {
        try
        {
            await redis.PublishAsync(InvalidationAcks.ChannelOf(message.Instance), $"K|{message.Nonce}");
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            // The sender waits only as long as for Redis itself.
        }
    }

    private void HearOwn(string message)
    {
        if (message.StartsWith("B|", StringComparison.Ordinal))
        {
            Interlocked.Exchange(ref _heard, long.Parse(message.AsSpan(2), CultureInfo.InvariantCulture));
        }
        else
        {
            acks.Confirm(message[2..]);
        }
    }

    private void Begin(byte[] epoch)
    {
        Volatile.Write(ref _epoch, epoch);
        local.Clear();
    }

    private bool IsOverQuarantine()
    {
        var since = Interlocked.Read(ref _backSince);
        return since != Never && clock.GetElapsedTime(since) >= Quarantine;
    }

    /// <summary>Redis can't be reached.</summary>
    private void Lose(string reason)
    {
        _isReachable = false;
        GoDown(reason);
    }

    /// <summary>Redis is not used for now, and is trusted only a while after it is back.</summary>
    private void GoDown(string reason)
    {
        Interlocked.Exchange(ref _backSince, Never);
        if (Interlocked.Exchange(ref _isUp, false))
        {
            metrics.SetRedisUp(false);
        }

        if (!Interlocked.Exchange(ref _hasLoggedDown, true))
        {
            LogDown(reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is not used for now: {reason}")]
    private partial void LogDown(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis is in use")]
    private partial void LogUp();
}
