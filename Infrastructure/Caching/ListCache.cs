using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Whole lists, cached in the memory of the process for a short while, and not beyond the next change of any item.</summary>
internal sealed class ListCache(
    CacheSettings settings,
    LocalCache local,
    InvalidationBus bus,
    CacheMetrics metrics,
    TimeProvider clock
) : IDisposable
{
    private const int BytesOfAnEntry = 400;
    private const int LeastBytes = 1024 * 1024;

    private readonly ConcurrentDictionary<(string, long), SingleFlight<CachedListResponse>> _reads = [];
    private readonly MemoryCache _lists = new(
        new MemoryCacheOptions
        {
            SizeLimit = Math.Max(LeastBytes, settings.MemoryMegabytes * 1024L * 1024L / 4),
            CompactionPercentage = 0.2,
        }
    );

    private bool IsOn => settings is { Enabled: true, ListSeconds: > 0, MemoryMegabytes: > 0 };

    /// <summary>The address of a list as its caller spelt it; another endpoint's lists have other addresses.</summary>
    public static string AddressOf(HttpRequest request) => request.Path.Value + request.QueryString.Value;

    /// <summary>What was last sent for this very address, if that is still good, or null.</summary>
    public CachedListResponse? FindInMemory(string address) =>
        IsOn
        && bus.HearsOfChanges
        && _lists.TryGetValue(address, out var found)
        && found is Entry entry
        && entry.Generation == local.Generation
        && entry.FreshUntil > clock.GetTimestamp()
            ? entry.List
            : null;

    /// <summary>The list; requests for the same list at the same time share one query.</summary>
    /// <param name="query">What is asked for, in one spelling.</param>
    /// <param name="address">What is asked for as the caller spelt it; null when the response depends on the caller, so that it is not cached.</param>
    /// <param name="nextLink">Makes the Link header of a next cursor, in the caller's spelling.</param>
    /// <param name="load">Reads the list from the database.</param>
    /// <param name="cancellationToken">Ends the wait, and the query when no other request waits for it.</param>
    public async Task<(CachedListResponse List, CacheSource Source)> FindAsync(
        string query,
        string? address,
        Func<string?, StringValues> nextLink,
        Func<CancellationToken, Task<CachedListResponse>> load,
        CancellationToken cancellationToken
    )
    {
        if (!IsOn || address is null)
        {
            var loaded = await load(cancellationToken);
            return (loaded with { Link = nextLink(loaded.NextCursor) }, CacheSource.None);
        }

        var generation = local.Generation;
        var (shared, source) = FindInMemory(query) is { } cached
            ? (cached, CacheSource.Memory)
            : await ReadAsync(query, generation, load, cancellationToken);
        var list = shared with { Link = nextLink(shared.NextCursor) };
        Store(address, list, generation);
        metrics.CountResponse("list", source);
        return (list, source);
    }

    /// <inheritdoc/>
    public void Dispose() => _lists.Dispose();

    private async Task<(CachedListResponse List, CacheSource Source)> ReadAsync(
        string query,
        long generation,
        Func<CancellationToken, Task<CachedListResponse>> load,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var own = new SingleFlight<CachedListResponse>();
            var read = _reads.GetOrAdd((query, generation), own);
            if (ReferenceEquals(read, own))
            {
                _ = read.CarryOutAsync(LoadAsync, End);
            }

            try
            {
                return (
                    await read.WaitAsync(cancellationToken),
                    ReferenceEquals(read, own) ? CacheSource.Database : CacheSource.Shared
                );
            }
            catch (OperationCanceledException)
                when (read.Abandoned.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The caller that it was for had gone when this one joined.
                End();
            }

            void End() => _reads.TryRemove(new((query, generation), read));
        }

        async Task<CachedListResponse> LoadAsync(CancellationToken abandoned)
        {
            var list = await load(abandoned) with { MadeAt = clock.GetUtcNow() };
            Store(query, list, generation);
            return list;
        }
    }

    private void Store(string key, CachedListResponse list, long generation)
    {
        if (generation != local.Generation || !bus.HearsOfChanges)
        {
            return;
        }

        var age = clock.GetUtcNow() - list.MadeAt;
        var left = TimeSpan.FromSeconds(settings.ListSeconds) - age;
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        _lists.Set(
            key,
            new Entry(list, generation, clock.GetTimestamp() + (long)(left.TotalSeconds * clock.TimestampFrequency)),
            new MemoryCacheEntryOptions
            {
                Size = BytesOfAnEntry + (2 * key.Length) + list.Body.Length,
                AbsoluteExpirationRelativeToNow = left,
            }
        );
    }

    private sealed record Entry(CachedListResponse List, long Generation, long FreshUntil);
}

/// <summary>A whole list as it is sent.</summary>
/// <param name="Body">JSON in UTF-8.</param>
/// <param name="NextCursor">Where the next page begins; null on the last page.</param>
internal sealed record CachedListResponse(ReadOnlyMemory<byte> Body, string? NextCursor)
{
    /// <summary>The Link header, in the spelling of the caller; empty when there is no next page.</summary>
    public StringValues Link { get; init; }

    /// <summary>When it was read from the database.</summary>
    public DateTimeOffset MadeAt { get; init; }
}
