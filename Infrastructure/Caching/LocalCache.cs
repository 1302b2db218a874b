using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;

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

    /// <summary>The read of this item that is running; otherwise a new one, which the caller has to carry out.</summary>
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

/// <summary>What this process knows of resources: responses, for a short while, and which version is the newest, for longer.</summary>
/// <remarks>
/// A version only ever rises here, so that a slow reader can't put an old response back: what it brings is compared with what has been heard
/// of since. Versions are remembered for longer than any read that may be under way; a database command ends sooner.
/// </remarks>
internal sealed class ItemVersionTable : IDisposable
{
    /// <summary>How long a version is remembered beyond its response.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(2);

    private const int BytesOfAnEntry = 300;
    private const int LeastBytes = 1024 * 1024;

    private readonly CacheSettings _settings;
    private readonly TimeProvider _clock;
    private readonly Lock[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    private readonly MemoryCache _entries;
    private long _era;

    public ItemVersionTable(CacheSettings settings, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        _entries = new MemoryCache(
            new MemoryCacheOptions
            {
                SizeLimit = Math.Max(LeastBytes, settings.MemoryMegabytes * 1024L * 1024L * 3 / 4),
                CompactionPercentage = 0.1,
            }
        );
    }

    /// <summary>Rises when all responses are forgotten: what was read before is not used after.</summary>
    public long Era => Interlocked.Read(ref _era);

    /// <summary>A response that can be sent without asking Redis or the database, or null.</summary>
    public CacheItem? FindFresh(Guid id) =>
        _entries.TryGetValue(id, out var found)
        && found is Entry entry
        && entry.FreshUntil > _clock.GetTimestamp()
        && entry.Era == Era
            ? entry.Item
            : null;

    /// <summary>Takes note of an item, and returns the newest that is known: this one, or one that came before it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="item">What it is.</param>
    /// <param name="era">The <see cref="Era"/> in which it was asked for.</param>
    public CacheItem Learn(Guid id, CacheItem item, long era)
    {
        var seconds = item.IsAbsent ? _settings.AbsentSeconds : _settings.MemorySeconds;
        var keepsResponse = item.IsResponse && item.OnlyFor is null && _settings.MemoryMegabytes > 0;
        lock (GateOf(id))
        {
            if (
                _entries.TryGetValue(id, out var found)
                && found is Entry { Item: var known } entryBefore
                // What was deleted in another era may be there again: an import brings back what it brought before.
                && (entryBefore.Era == era || !known.IsAbsent)
                && (known.IsNewerThan(item) || (known.IsResponse && !item.IsResponse && !item.IsNewerThan(known)))
            )
            {
                return known;
            }

            var entry = new Entry(
                item.OnlyFor is null ? item : CacheItem.ChangedTo(item.Tag),
                keepsResponse ? _clock.GetTimestamp() + (seconds * _clock.TimestampFrequency) : 0,
                era
            );
            Set(id, entry, keepsResponse ? item.Body?.Length ?? 0 : 0);
            return item;
        }
    }

    /// <summary>Forgets an item's response, but not its version.</summary>
    public void Forget(Guid id)
    {
        lock (GateOf(id))
        {
            if (_entries.TryGetValue(id, out var found) && found is Entry { Item.IsAbsent: false, Item.Tag: var tag })
            {
                Set(id, new Entry(CacheItem.ChangedTo(tag), 0, Era), 0);
            }
            else
            {
                _entries.Remove(id);
            }
        }
    }

    /// <summary>Forgets all responses, but no version: what a reader has been shown can't be followed by something older.</summary>
    public void Clear() => Interlocked.Increment(ref _era);

    public void Dispose() => _entries.Dispose();

    private Lock GateOf(Guid id) => _gates[(uint)id.GetHashCode() % _gates.Length];

    private void Set(Guid id, Entry entry, int bytes) =>
        _entries.Set(
            id,
            entry,
            new MemoryCacheEntryOptions { Size = BytesOfAnEntry + bytes, AbsoluteExpirationRelativeToNow = Remembered }
        );

    private sealed record Entry(CacheItem Item, long FreshUntil, long Era);
}
