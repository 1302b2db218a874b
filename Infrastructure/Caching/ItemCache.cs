using MarketsApi.Infrastructure.Redis;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Single resources, cached in the memory of the process and in Redis, and never older than what their readers have seen.</summary>
/// <remarks>docs/caching.md says what is promised, and how it comes about.</remarks>
internal sealed class ItemCache(
    CacheSettings settings,
    LocalCache local,
    InvalidationBus bus,
    RedisItems redis,
    CacheMetrics metrics,
    TimeProvider clock
)
{
    /// <summary>How often a read is begun again because what it found had been overtaken.</summary>
    private const int MaxReads = 3;

    /// <summary>What memory has, or null.</summary>
    public CacheItem? FindInMemory(Guid id) =>
        settings.Enabled && bus.HearsOfChanges ? local.Items.FindFresh(id) : null;

    /// <summary>The item, from wherever it is nearest. One read for each item is under way at a time; requests that come meanwhile wait for it.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="id">Its id, which no item of another kind has.</param>
    /// <param name="load">Reads it from the database; null when it is not found.</param>
    /// <param name="cancellationToken">Ends the wait, and the read when no other request waits for it.</param>
    public async Task<CacheResult> FindAsync(
        CacheKind kind,
        Guid id,
        Func<CancellationToken, Task<CacheItem?>> load,
        CancellationToken cancellationToken
    )
    {
        if (!settings.Enabled)
        {
            return new(await LoadAsync(load, cancellationToken), CacheSource.None);
        }

        var result = FindInMemory(id) is { } item
            ? new CacheResult(item, CacheSource.Memory)
            : await ReadAsync(kind, id, load, cancellationToken);
        metrics.CountResponse("item", result.Source);
        return result;
    }

    /// <summary>Makes a change; when it fails in a way that leaves open whether it was committed, nothing older stays cached.</summary>
    public async Task<T> GuardAsync<T>(CacheKind kind, Guid id, Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (Exception exception) when (DatabaseErrors.LeavesCommitOpen(exception))
        {
            await InvalidateAsync(kind, id);
            throw;
        }
    }

    /// <summary>To be called when it is unknown whether a change was committed: nothing older stays cached.</summary>
    public Task InvalidateAsync(CacheKind kind, Guid id) =>
        AnnounceAsync(id, null, () => redis.AnnounceUnknownAsync(kind, id));

    /// <summary>Makes a change of many items, outside any transaction of a request; the same for each of them.</summary>
    public async Task<T> GuardAsync<T>(CacheKind kind, IReadOnlyCollection<Guid> ids, Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (Exception exception) when (DatabaseErrors.LeavesCommitOpen(exception))
        {
            await Task.WhenAll(ids.Select(id => AnnounceAsync(id, null, () => redis.AnnounceUnknownAsync(kind, id))));
            throw;
        }
    }

    /// <summary>To be called after a change is made and before the response: once it is committed no reader gets what was before.</summary>
    public Task ChangedAsync(CacheKind kind, Guid id, CacheItem item) =>
        AnnounceAsync(id, item, () => redis.AnnounceAsync(kind, id, item));

    /// <summary>The same for an item that has been deleted.</summary>
    public Task DeletedAsync(CacheKind kind, Guid id) => ChangedAsync(kind, id, CacheItem.Deleted());

    /// <summary>To be called after many items have changed at once: nothing that is cached anywhere is used again.</summary>
    /// <returns>False when Redis can't be reached; then other instances use what they have until it expires.</returns>
    public async Task<bool> ForgetAllAsync()
    {
        local.Clear();
        try
        {
            await redis.ForgetAllAsync();
            return true;
        }
        catch (Exception exception) when (RedisConnection.IsOutage(exception))
        {
            return false;
        }
    }

    private async Task AnnounceAsync(Guid id, CacheItem? item, Func<Task> announce)
    {
        if (!settings.Enabled)
        {
            return;
        }

        if (item is null)
        {
            local.NoteUnknownChange(id);
        }
        else
        {
            item.MadeAt = clock.GetUtcNow();
            local.NoteChange(id, item);
        }

        metrics.Changed();
        await announce();
    }

    private async Task<CacheResult> ReadAsync(
        CacheKind kind,
        Guid id,
        Func<CancellationToken, Task<CacheItem?>> load,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var read = local.JoinRead(id, out var isFirst);
            if (isFirst)
            {
                _ = read.CarryOutAsync(token => LookAsync(read, kind, id, load, token), () => local.EndRead(id, read));
            }

            try
            {
                var result = await read.WaitAsync(cancellationToken);
                return isFirst ? result : new(result.Item, CacheSource.Shared);
            }
            catch (OperationCanceledException)
                when (read.Abandoned.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The request that it was for had gone when this one joined.
                local.EndRead(id, read);
            }
        }
    }

    private async Task<CacheResult> LookAsync(
        SingleFlight<CacheResult> read,
        CacheKind kind,
        Guid id,
        Func<CancellationToken, Task<CacheItem?>> load,
        CancellationToken abandoned
    )
    {
        var era = local.Items.Era;
        string? lease = null;
        if (bus.IsUp)
        {
            (var found, lease) = await redis.FindOrLeaseAsync(kind, id);
            if (found is not null && Learn(read, id, found, era) is { IsResponse: true } cached)
            {
                return new(cached, CacheSource.Redis);
            }
        }

        try
        {
            for (var reads = 1; ; reads++)
            {
                era = local.Items.Era;
                var item = await LoadAsync(load, abandoned);
                var newest = Learn(read, id, item, era);
                if (newest.IsResponse || reads == MaxReads)
                {
                    if (lease is not null)
                    {
                        // It needs no waiting: should it fail or come too late, the lease has gone by then.
                        _ = redis.StoreAsync(kind, id, lease, item.OnlyFor is null ? item : null);
                    }

                    return new(newest.IsResponse ? newest : item, CacheSource.Database);
                }
            }
        }
        catch (Exception) when (lease is not null)
        {
            _ = redis.StoreAsync(kind, id, lease, null);
            throw;
        }
    }

    private async Task<CacheItem> LoadAsync(
        Func<CancellationToken, Task<CacheItem?>> load,
        CancellationToken cancellationToken
    )
    {
        var item = await load(cancellationToken) ?? CacheItem.Absent();
        item.MadeAt = clock.GetUtcNow();
        return item;
    }

    /// <remarks>Also of what is not to be cached the version is remembered: a reader sees it, and must not see an older one after it.</remarks>
    private CacheItem Learn(SingleFlight<CacheResult> read, Guid id, CacheItem item, long era)
    {
        var isCached = !read.IsOutdated && bus.HearsOfChanges;
        var newest = local.Items.Learn(id, isCached ? item : CacheItem.ChangedTo(item.Tag), era);
        return isCached || newest.IsNewerThan(item) ? newest : item;
    }
}
