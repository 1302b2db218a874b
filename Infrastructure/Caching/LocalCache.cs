using System.Collections.Concurrent;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>What this process has cached, the reads that are under way, and how both learn of a change.</summary>
internal sealed class LocalCache(ItemVersionTable items)
{
    private readonly ConcurrentDictionary<Guid, SingleFlight<CacheResult>> _reads = [];
    private long _generation;

    /// <summary>Rises with every change of any item: a list made before is not used after.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>What is known of single items.</summary>
    public ItemVersionTable Items => items;

    /// <summary>The read of this item that is under way; a new one, which the caller has to carry out, when there is none.</summary>
    public SingleFlight<CacheResult> JoinRead(Guid id, out bool isFirst)
    {
        if (_reads.TryGetValue(id, out var read))
        {
            isFirst = false;
            return read;
        }

        var own = new SingleFlight<CacheResult>();
        read = _reads.GetOrAdd(id, own);
        isFirst = ReferenceEquals(read, own);
        return read;
    }

    /// <summary>Lets no other request join this read.</summary>
    public void EndRead(Guid id, SingleFlight<CacheResult> read) =>
        _reads.TryRemove(new KeyValuePair<Guid, SingleFlight<CacheResult>>(id, read));

    /// <summary>An item has changed, here or on another instance. Requests from now on start a read of their own.</summary>
    public void NoteChange(Guid id, CacheItem item)
    {
        items.Learn(id, item, items.Era);
        Outdate(id);
    }

    /// <summary>An item may have changed; to which version is not known.</summary>
    public void NoteUnknownChange(Guid id)
    {
        Outdate(id);
        items.Forget(id);
    }

    /// <summary>Everything may have changed.</summary>
    public void Clear()
    {
        items.Clear();
        foreach (var id in _reads.Keys)
        {
            Outdate(id);
        }

        Interlocked.Increment(ref _generation);
    }

    private void Outdate(Guid id)
    {
        if (_reads.TryRemove(id, out var read))
        {
            read.IsOutdated = true;
        }

        Interlocked.Increment(ref _generation);
    }
}
