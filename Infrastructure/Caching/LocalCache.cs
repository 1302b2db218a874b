using System.Collections.Concurrent;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>What this process keeps of items and lists, the reads that are under way, and how all of it learns of a change.</summary>
internal sealed class LocalCache(ItemVersionTable known)
{
    private readonly ConcurrentDictionary<Guid, SingleFlight<CacheResult>> _reads = [];
    private long _generation;

    /// <summary>Rises with every change of any item: a list made before is not used after.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>What is known of single items.</summary>
    public ItemVersionTable Items => known;

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

    /// <summary>Nobody joins this read any more.</summary>
    public void EndRead(Guid id, SingleFlight<CacheResult> read) =>
        _reads.TryRemove(new KeyValuePair<Guid, SingleFlight<CacheResult>>(id, read));

    /// <summary>An item has changed, here or elsewhere. Whoever asks from now on starts a read of their own.</summary>
    public void NoteChange(Guid id, CacheItem item)
    {
        known.Learn(id, item, known.Era);
        Outdate(id);
    }

    /// <summary>An item may have changed; nobody knows how.</summary>
    public void NoteUnknownChange(Guid id)
    {
        Outdate(id);
        known.Forget(id);
    }

    /// <summary>Everything may have changed.</summary>
    public void Clear()
    {
        known.Clear();
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
