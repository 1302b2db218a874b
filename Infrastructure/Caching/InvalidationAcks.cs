using System.Collections.Concurrent;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Waits until every instance that was told of a change has dropped its copy, so that a writer reads its own write on any of them.</summary>
/// <remarks>
/// Publishing alone says only that Redis has passed a message on. An instance that hangs while its connection stands would
/// cost each write the whole wait, so that as many as have been silent are not waited for again for a while.
/// </remarks>
internal sealed class InvalidationAcks(CacheSettings settings, CacheMetrics metrics, TimeProvider clock)
{
    private static readonly TimeSpan SilenceIsRemembered = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private int _silent;
    private long _silentSince;

    /// <summary>The channel of messages for one instance alone.</summary>
    public static string ChannelOf(string instance) => $"cache:instance:{instance}";

    /// <summary>Begins to count confirmations of this nonce; before the message goes out, since they may overtake its result.</summary>
    public void Expect(string nonce) => _waiting[nonce] = new Waiting();

    /// <summary>One instance, perhaps this one, has heard.</summary>
    public void Confirm(string nonce)
    {
        if (_waiting.TryGetValue(nonce, out var waiting))
        {
            waiting.Confirm();
        }
    }

    /// <summary>Gives up on a message that never went out.</summary>
    public void Abandon(string nonce) => _waiting.TryRemove(nonce, out _);

    /// <summary>Waits until the given number of instances has confirmed, but no longer than for Redis itself.</summary>
    public async Task WaitAsync(string nonce, int told)
    {
        var waiting = _waiting[nonce];
        var silent =
            clock.GetElapsedTime(Interlocked.Read(ref _silentSince)) < SilenceIsRemembered
                ? Volatile.Read(ref _silent)
                : 0;
        try
        {
            await waiting.Until(told - silent).WaitAsync(settings.RedisTimeout);
        }
        catch (TimeoutException)
        {
            Volatile.Write(ref _silent, Math.Max(0, told - waiting.Confirmed));
            Interlocked.Exchange(ref _silentSince, clock.GetTimestamp());
            metrics.Unconfirmed();
        }
        finally
        {
            _waiting.TryRemove(nonce, out _);
        }
    }

    private sealed class Waiting
    {
        private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private int _needed = int.MaxValue;

        public int Confirmed { get; private set; }

        public void Confirm()
        {
            lock (_gate)
            {
                Confirmed++;
                Check();
            }
        }

        public Task Until(int needed)
        {
            lock (_gate)
            {
                _needed = needed;
                Check();
            }

            return _enough.Task;
        }

        private void Check()
        {
            if (Confirmed >= _needed)
            {
                _enough.TrySetResult();
            }
        }
    }
}
