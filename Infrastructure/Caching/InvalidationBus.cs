using System.Globalization;
using System.Text;
using MarketsApi.Infrastructure.Redis;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Whether Redis can be trusted right now: the circuit breaker, and the subscription to what others change.</summary>
/// <remarks>
/// No request tries a Redis that is away; a beat of this class's own finds it again. It counts as back only when beats have been answered and
/// heard on the subscription for a while (<see cref="Quarantine"/>), which gives every other instance the time to make known what it couldn't
/// say meanwhile: that forgets everything, by a new epoch.
/// </remarks>
internal sealed partial class InvalidationBus(
    RedisConnection redis,
    CacheSettings settings,
    LocalCache copies,
    InvalidationAcks confirmations,
    CacheMetrics metrics,
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

    /// <summary>How long a beat waits: longer than a request, so that a busy moment of this process is no outage.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(1);

    /// <summary>No beat is answered.</summary>
    private const long Never = long.MaxValue;

    private byte[] _epoch = [];
    private volatile bool _isUp;
    private volatile bool _isReachable;
    private volatile bool _hasMissedChanges;
    private bool _isSubscribed;
    private int _failures;
    private int _missedBeats;
    private long _beat;
    private long _heard;

    /// <summary>Since when beats are answered, by the clock of <see cref="Environment.TickCount64"/>; the first time there is nothing to wait for.</summary>
    private long _backSince = -(long)Quarantine.TotalMilliseconds;

    /// <summary>This instance's name among the others.</summary>
    public string Instance { get; } = InstanceName.New();

    /// <summary>Whether Redis is there to be asked.</summary>
    public bool IsUp => _isUp;

    /// <summary>Whether a change can be announced: also while Redis is not yet trusted again.</summary>
    public bool IsReachable => _isReachable;

    /// <summary>Whether this process hears of all changes, so that what it keeps is good; without a Redis it makes them all itself.</summary>
    public bool HearsOfChanges => _isUp || !redis.IsConfigured;

    /// <summary>The epoch of values that count, in ASCII.</summary>
    public byte[] Epoch => Volatile.Read(ref _epoch);

    /// <summary>A call went well.</summary>
    public void NoteSuccess() => Volatile.Write(ref _failures, 0);

    /// <summary>A call failed; several in a row mean that Redis is away, and a broken connection that it may be another when it is back.</summary>
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

    /// <summary>Begins a new epoch: whatever is kept anywhere is forgotten.</summary>
    /// <remarks>A command does so that has just been started on a machine that may be busy, and nobody's request waits for it.</remarks>
    public async Task ForgetAllAsync()
    {
        var epoch = await redis.EvaluateAsync(
            RedisScripts.ForgetAll,
            [EpochKey],
            [InstanceName.New(), Channel, ChangeMessage.Everything(Instance)],
            20 * Patience
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
                    [InstanceName.New(), InvalidationAcks.ChannelOf(Instance), $"B|{beat}"],
                    Patience
                );
            _missedBeats = 0;
            _isReachable = true;
            Interlocked.CompareExchange(ref _backSince, Environment.TickCount64, Never);
            await FollowAsync(epoch!);
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            if (exception is RedisConnectionException || ++_missedBeats >= BeatsUntilDown)
            {
                Lose("it doesn't answer");
            }
        }
    }

    /// <summary>What an answered beat means.</summary>
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
            // What was kept before the outage may have changed since.
            copies.Clear();
            NoteSuccess();
            _isUp = true;
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
            confirmations.Confirm(message.Nonce);
            return;
        }

        metrics.HeardOfChange();
        if (message.Epoch is { } epoch)
        {
            Begin(Encoding.ASCII.GetBytes(epoch));
            return;
        }

        message.ApplyTo(copies);
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
            // Its sender waits no longer than for Redis itself.
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
            confirmations.Confirm(message[2..]);
        }
    }

    private void Begin(byte[] epoch)
    {
        Volatile.Write(ref _epoch, epoch);
        copies.Clear();
    }

    private bool IsOverQuarantine()
    {
        var since = Interlocked.Read(ref _backSince);
        return since != Never && Environment.TickCount64 - since >= (long)Quarantine.TotalMilliseconds;
    }

    /// <summary>Nothing gets through to Redis, or back.</summary>
    private void Lose(string reason)
    {
        _isReachable = false;
        GoDown(reason);
    }

    /// <summary>Redis isn't used any more, and is trusted only a while after it is back.</summary>
    private void GoDown(string reason)
    {
        Interlocked.Exchange(ref _backSince, Never);
        if (Interlocked.Exchange(ref _isUp, false))
        {
            metrics.SetRedisUp(false);
            LogDown(reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is not used for now: {reason}")]
    private partial void LogDown(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis is in use")]
    private partial void LogUp();
}
