using MarketsApi.Infrastructure.Redis;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Answers about single resources, kept in the memory of the process and in Redis, and never older than what their readers have seen.</summary>
/// <remarks>docs/caching.md says what is promised, and how it comes about.</remarks>
internal sealed class ItemCache(
    CacheSettings settings,
    LocalCache copies,
    InvalidationBus link,
    RedisItems shared,
    CacheMetrics metrics
)
{
    /// <summary>How often a read is begun again because what it found had been overtaken.</summary>
    private const int MaxReads = 3;

    /// <summary>What memory has to answer with at once, or null.</summary>
    public CacheItem? FindInMemory(Guid id) =>
        settings.Enabled && link.HearsOfChanges ? copies.Items.FindFresh(id) : null;

    /// <summary>The item, from wherever it is nearest. One read for each item is under way at a time; all who ask meanwhile wait for it.</summary>
    /// <param name="kind">What it is, the first part of its key in Redis.</param>
    /// <param name="id">Its id, which no item of another kind has.</param>
    /// <param name="load">Reads it from the database; null when there is none.</param>
    /// <param name="cancellationToken">Ends the wait, and the read when nobody else waits for it.</param>
    public async Task<CacheResult> FindAsync(
        string kind,
        Guid id,
        Func<CancellationToken, Task<CacheItem?>> load,
        CancellationToken cancellationToken
    )
    {
        if (!settings.Enabled)
        {
            return new(await load(cancellationToken) ?? CacheItem.Absent(), CacheSource.None);
        }

        var answer = FindInMemory(id) is { } item
            ? new CacheResult(item, CacheSource.Memory)
            : await ReadAsync(kind, id, load, cancellationToken);
        metrics.Answered("item", answer.Source);
        return answer;
    }

    /// <summary>Makes a change; when it fails in a way that leaves open whether it was committed, no copy of what was before survives.</summary>
    public async Task<T> GuardAsync<T>(string kind, Guid id, Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (Exception)
        {
            await InvalidateAsync(kind, id);
            throw;
        }
    }

    /// <summary>To be called when nobody can say whether a change was committed: no copy of what was before survives.</summary>
    public Task InvalidateAsync(string kind, Guid id) =>
        AnnounceAsync(id, null, () => shared.AnnounceUnknownAsync(kind, id));

    /// <summary>The same for a change that answers with nothing.</summary>
    public Task GuardAsync(string kind, Guid id, Func<Task> change) =>
        GuardAsync(
            kind,
            id,
            async () =>
            {
                await change();
                return true;
            }
        );

    /// <summary>Makes a change of many items, outside any transaction of a request; the same for each of them.</summary>
    public async Task<T> GuardAsync<T>(string kind, IReadOnlyCollection<Guid> ids, Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (Exception)
        {
            await Task.WhenAll(ids.Select(id => AnnounceAsync(id, null, () => shared.AnnounceUnknownAsync(kind, id))));
            throw;
        }
    }

    /// <summary>To be called after a change is made and before it is answered: once it is committed nobody is given what was before.</summary>
    public Task ChangedAsync(string kind, Guid id, CacheItem item) =>
        AnnounceAsync(id, item, () => shared.AnnounceAsync(kind, id, item));

    /// <summary>The same for an item that has been deleted.</summary>
    public Task DeletedAsync(string kind, Guid id) => ChangedAsync(kind, id, CacheItem.Deleted());

    /// <summary>To be called after many items have changed at once: nothing that is kept anywhere is used again.</summary>
    /// <returns>False when Redis can't be told; then copies elsewhere live on for as long as they may.</returns>
    public async Task<bool> ForgetAllAsync()
    {
        copies.Clear();
        try
        {
            await shared.ForgetAllAsync();
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
            copies.NoteUnknownChange(id);
        }
        else
        {
            copies.NoteChange(id, item);
        }

        metrics.Changed();
        await announce();
    }

    private async Task<CacheResult> ReadAsync(
        string kind,
        Guid id,
        Func<CancellationToken, Task<CacheItem?>> load,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var read = copies.JoinRead(id, out var isFirst);
            if (isFirst)
            {
                _ = read.CarryOutAsync(token => LookAsync(read, kind, id, load, token), () => copies.EndRead(id, read));
            }

            try
            {
                var answer = await read.WaitAsync(cancellationToken);
                return isFirst ? answer : new(answer.Item, CacheSource.Shared);
            }
            catch (OperationCanceledException)
                when (read.Abandoned.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Whoever it was for had gone when this one joined.
                copies.EndRead(id, read);
            }
        }
    }

    private async Task<CacheResult> LookAsync(
        SingleFlight<CacheResult> read,
        string kind,
        Guid id,
        Func<CancellationToken, Task<CacheItem?>> load,
        CancellationToken abandoned
    )
    {
        var era = copies.Items.Era;
        string? lease = null;
        if (link.IsUp)
        {
            (var found, lease) = await shared.FindOrLeaseAsync(kind, id);
            if (found is not null && Learn(read, id, found, era) is { IsAnswer: true } kept)
            {
                return new(kept, CacheSource.Redis);
            }
        }

        try
        {
            for (var reads = 1; ; reads++)
            {
                era = copies.Items.Era;
                var item = await load(abandoned) ?? CacheItem.Absent();
                var newest = Learn(read, id, item, era);
                if (newest.IsAnswer || reads == MaxReads)
                {
                    if (lease is not null)
                    {
                        // Nobody needs to wait for that: should it fail or come too late, the lease has gone by then.
                        _ = shared.StoreAsync(kind, id, lease, item.OnlyFor is null ? item : null);
                    }

                    return new(newest.IsAnswer ? newest : item, CacheSource.Database);
                }
            }
        }
        catch (Exception) when (lease is not null)
        {
            _ = shared.StoreAsync(kind, id, lease, null);
            throw;
        }
    }

    /// <remarks>What is not to be kept is still remembered by its version: somebody is shown it, and must not be shown an older one after it.</remarks>
    private CacheItem Learn(SingleFlight<CacheResult> read, Guid id, CacheItem item, long era)
    {
        var isKept = !read.IsOutdated && link.HearsOfChanges;
        var newest = copies.Items.Learn(id, isKept ? item : CacheItem.ChangedTo(item.Tag), era);
        return isKept || newest.IsNewerThan(item) ? newest : item;
    }
}
