using MarketsApi.Infrastructure.Redis;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Items in Redis, for all instances; what a request needs never throws because of Redis, nor waits long for it.</summary>
internal sealed class RedisItems(
    RedisConnection redis,
    InvalidationBus link,
    InvalidationAcks confirmations,
    CacheSettings settings
)
{
    /// <summary>How long whoever got a lease has to ask the database, before somebody else may.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>How long somebody waits for another instance's read before doing their own.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a deletion is remembered: longer than any read that began before it.</summary>
    private static readonly TimeSpan TombstoneLife = TimeSpan.FromMinutes(2);

    /// <summary>What Redis has; else the lease to store what the database has, if nobody else holds it.</summary>
    public async Task<(CacheItem? Item, string? Lease)> FindOrLeaseAsync(string kind, Guid id)
    {
        string? token = null;
        try
        {
            var key = KeyOf(kind, id);
            var value = await redis.GetAsync(key, settings.RedisTimeout);
            link.NoteSuccess();
            if (value is not null && RedisFormat.Read(value, link.Epoch) is { } item)
            {
                return (item, null);
            }

            token = InstanceName.New();
            return await LeaseOrWaitAsync(key, token);
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            link.NoteFailure(exception);
            if (token is not null)
            {
                // Redis may still grant what nobody waits for any more.
                _ = StoreAsync(kind, id, token, null);
            }

            return (null, null);
        }
    }

    /// <summary>Stores what was read under a lease, or gives the lease back (null).</summary>
    public async Task StoreAsync(string kind, Guid id, string lease, CacheItem? item)
    {
        try
        {
            await EvaluateAsync(
                RedisScripts.Store,
                KeyOf(kind, id),
                lease,
                item is null ? RedisValue.EmptyString : RedisFormat.Write(item, link.Epoch),
                item?.IsAbsent == true ? settings.AbsentSeconds : settings.ItemSeconds
            );
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            link.NoteFailure(exception);
        }
    }

    /// <summary>Makes a change known everywhere; returns when every instance has heard of it, or after the time for that.</summary>
    public Task AnnounceAsync(string kind, Guid id, CacheItem item) =>
        item.IsAbsent
            ? TellAsync(nonce =>
                EvaluateAsync(
                    RedisScripts.Delete,
                    KeyOf(kind, id),
                    RedisFormat.Write(item, link.Epoch),
                    (int)TombstoneLife.TotalSeconds,
                    InvalidationBus.Channel,
                    ChangeMessage.Deleted(link.Instance, nonce, id)
                )
            )
            : TellAsync(nonce =>
                EvaluateAsync(
                    RedisScripts.Change,
                    KeyOf(kind, id),
                    link.Epoch,
                    item.Tag.Version,
                    item.Tag.Revision,
                    item is { Body: not null, OnlyFor: null }
                        ? RedisFormat.Write(item, link.Epoch)
                        : RedisValue.EmptyString,
                    settings.ItemSeconds,
                    InvalidationBus.Channel,
                    ChangeMessage.Changed(link.Instance, nonce, id, item.Tag)
                )
            );

    /// <summary>Makes known everywhere that an item may have changed.</summary>
    public Task AnnounceUnknownAsync(string kind, Guid id) =>
        TellAsync(nonce =>
            EvaluateAsync(
                RedisScripts.Forget,
                KeyOf(kind, id),
                InvalidationBus.Channel,
                ChangeMessage.Forgotten(link.Instance, nonce, id)
            )
        );

    /// <summary>Makes everything that is kept anywhere be forgotten.</summary>
    public Task ForgetAllAsync() => redis.IsConfigured ? link.ForgetAllAsync() : Task.CompletedTask;

    private static RedisKey KeyOf(string kind, Guid id) => $"{kind}:{id}";

    private Task<RedisResult> EvaluateAsync(string script, RedisKey key, params RedisValue[] arguments) =>
        redis.EvaluateAsync(script, [key], arguments, settings.RedisTimeout);

    private async Task TellAsync(Func<string, Task<RedisResult>> tell)
    {
        if (!redis.IsConfigured)
        {
            return;
        }

        if (!link.IsReachable)
        {
            link.NoteMissedChange();
            return;
        }

        var nonce = InstanceName.New();
        confirmations.Expect(nonce);
        try
        {
            await confirmations.WaitAsync(nonce, (int)await tell(nonce));
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            confirmations.Abandon(nonce);
            link.NoteMissedChange();
        }
    }

    private async Task<(CacheItem? Item, string? Lease)> LeaseOrWaitAsync(RedisKey key, string token)
    {
        for (var waited = TimeSpan.Zero; waited < LongestWait; waited += Poll)
        {
            var epoch = link.Epoch;
            var answer = (byte[])
                (await EvaluateAsync(RedisScripts.FindOrLease, key, epoch, token, (int)Lease.TotalMilliseconds))!;
            switch (answer)
            {
                case [(byte)'L']:
                    return (null, token);
                case [(byte)'W']:
                    await Task.Delay(Poll);
                    break;
                default:
                    return (RedisFormat.Read(answer, epoch), null);
            }
        }

        return (null, null);
    }
}
