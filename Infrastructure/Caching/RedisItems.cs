using MarketsApi.Infrastructure.Redis;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Items in Redis, for all instances. Requests get no exception from an outage of Redis, and don't wait long for it.</summary>
internal sealed class RedisItems(
    RedisConnection redis,
    InvalidationBus bus,
    InvalidationAcks acks,
    CacheSettings settings,
    TimeProvider clock
)
{
    /// <summary>How long the holder of a lease has to read the database, before another reader gets one.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>How long a request waits for another instance's read before it does its own.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a deletion is remembered: longer than any read that began before it.</summary>
    private static readonly TimeSpan TombstoneLife = TimeSpan.FromMinutes(2);

    /// <summary>What Redis has; else the lease to store what the database has, unless another reader holds it.</summary>
    public async Task<(CacheItem? Item, string? Lease)> FindOrLeaseAsync(CacheKind kind, Guid id)
    {
        string? token = null;
        try
        {
            var key = KeyOf(kind, id);
            var value = await redis.GetAsync(key, settings.RedisTimeout);
            bus.NoteSuccess();
            if (value is not null && RedisFormat.Read(value, kind.MarkIn(bus.Epoch)) is { } item)
            {
                return (item, null);
            }

            token = InstanceName.New();
            return await LeaseOrWaitAsync(kind, key, token);
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            bus.NoteFailure(exception);
            if (token is not null)
            {
                // Redis may still grant the lease.
                _ = StoreAsync(kind, id, token, null);
            }

            return (null, null);
        }
    }

    /// <summary>Stores what was read under a lease, or gives the lease back (null).</summary>
    public async Task StoreAsync(CacheKind kind, Guid id, string lease, CacheItem? item)
    {
        try
        {
            await EvaluateAsync(
                RedisScripts.Store,
                KeyOf(kind, id),
                lease,
                item is null ? RedisValue.EmptyString : RedisFormat.Write(item, kind.MarkIn(bus.Epoch)),
                item?.IsAbsent == true ? settings.AbsentSeconds : settings.ItemSeconds
            );
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            bus.NoteFailure(exception);
        }
    }

    /// <summary>Announces a change; returns when every instance has heard of it, or after the time for that.</summary>
    public Task AnnounceAsync(CacheKind kind, Guid id, CacheItem item) =>
        item.IsAbsent
            ? AnnounceAsync(nonce =>
                EvaluateAsync(
                    RedisScripts.Delete,
                    KeyOf(kind, id),
                    RedisFormat.Write(item, kind.MarkIn(bus.Epoch)),
                    (int)TombstoneLife.TotalSeconds,
                    redis.ChannelInScript(InvalidationBus.Channel),
                    ChangeMessage.Deleted(bus.Instance, nonce, id)
                )
            )
            : AnnounceAsync(nonce =>
                EvaluateAsync(
                    RedisScripts.Change,
                    KeyOf(kind, id),
                    kind.MarkIn(bus.Epoch),
                    item.Tag.Version,
                    item.Tag.Revision,
                    item is { Body: not null, OnlyFor: null }
                        ? RedisFormat.Write(item, kind.MarkIn(bus.Epoch))
                        : RedisValue.EmptyString,
                    settings.ItemSeconds,
                    redis.ChannelInScript(InvalidationBus.Channel),
                    ChangeMessage.Changed(bus.Instance, nonce, id, item.Tag)
                )
            );

    /// <summary>Announces that an item may have changed.</summary>
    public Task AnnounceUnknownAsync(CacheKind kind, Guid id) =>
        AnnounceAsync(nonce =>
            EvaluateAsync(
                RedisScripts.Forget,
                KeyOf(kind, id),
                redis.ChannelInScript(InvalidationBus.Channel),
                ChangeMessage.Forgotten(bus.Instance, nonce, id)
            )
        );

    /// <summary>Has all instances forget everything.</summary>
    public Task ForgetAllAsync() => redis.IsConfigured ? bus.ForgetAllAsync() : Task.CompletedTask;

    private static RedisKey KeyOf(CacheKind kind, Guid id) => $"{kind.Name}:{id}";

    private Task<RedisResult> EvaluateAsync(string script, RedisKey key, params RedisValue[] arguments) =>
        redis.EvaluateAsync(script, [key], arguments, settings.RedisTimeout);

    private async Task AnnounceAsync(Func<string, Task<RedisResult>> publish)
    {
        if (!redis.IsConfigured)
        {
            return;
        }

        if (!bus.IsReachable)
        {
            bus.NoteMissedChange();
            return;
        }

        var nonce = InstanceName.New();
        acks.Expect(nonce);
        try
        {
            await acks.WaitAsync(nonce, (int)await publish(nonce));
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            acks.Abandon(nonce);
            bus.NoteMissedChange();
        }
    }

    private async Task<(CacheItem? Item, string? Lease)> LeaseOrWaitAsync(CacheKind kind, RedisKey key, string token)
    {
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < LongestWait)
        {
            var mark = kind.MarkIn(bus.Epoch);
            var value = (byte[])
                (await EvaluateAsync(RedisScripts.FindOrLease, key, mark, token, (int)Lease.TotalMilliseconds))!;
            switch (value)
            {
                case [(byte)'L']:
                    return (null, token);
                case [(byte)'W']:
                    await Task.Delay(Poll);
                    break;
                default:
                    return (RedisFormat.Read(value, mark), null);
            }
        }

        return (null, null);
    }
}
