using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Whole lists, kept in the memory of the process for a short while, and not beyond the next change of any item.</summary>
internal sealed class ListCache(CacheSettings settings, LocalCache copies, InvalidationBus link, CacheMetrics metrics)
    : IDisposable
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

    /// <summary>What a list is known again by, as its caller spelt it; another endpoint's lists have other addresses.</summary>
    public static string AddressOf(HttpRequest request) => request.Path.Value + request.QueryString.Value;

    /// <summary>What was last answered to this very address, if that is still good, or null.</summary>
    public CachedListResponse? FindInMemory(string address) =>
        IsOn
        && link.HearsOfChanges
        && _lists.TryGetValue(address, out var found)
        && found is Entry entry
        && entry.Generation == copies.Generation
        && entry.FreshUntil > Environment.TickCount64
            ? entry.Answer
            : null;

    /// <summary>The list; those who ask for the same at the same time share one query.</summary>
    /// <param name="query">What is asked for, in one spelling.</param>
    /// <param name="address">What is asked for as the caller spelt it, to be known again; null when it depends on who asks.</param>
    /// <param name="load">Asks the database.</param>
    /// <param name="cancellationToken">Ends the wait, and the query when nobody else waits for it.</param>
    public async Task<(CachedListResponse Answer, CacheSource Source)> FindAsync(
        string query,
        string? address,
        Func<CancellationToken, Task<CachedListResponse>> load,
        CancellationToken cancellationToken
    )
    {
        if (!IsOn || address is null)
        {
            return (await load(cancellationToken), CacheSource.None);
        }

        var generation = copies.Generation;
        var (answer, source) = FindInMemory(query) is { } kept
            ? (kept, CacheSource.Memory)
            : await ReadAsync(query, generation, load, cancellationToken);
        Keep(address, answer, generation);
        metrics.Answered("list", source);
        return (answer, source);
    }

    /// <inheritdoc/>
    public void Dispose() => _lists.Dispose();

    private async Task<(CachedListResponse Answer, CacheSource Source)> ReadAsync(
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
                // Whoever it was for had gone when this one joined.
                End();
            }

            void End() => _reads.TryRemove(new((query, generation), read));
        }

        async Task<CachedListResponse> LoadAsync(CancellationToken abandoned)
        {
            var answer = await load(abandoned);
            Keep(query, answer, generation);
            return answer;
        }
    }

    private void Keep(string key, CachedListResponse answer, long generation)
    {
        if (generation != copies.Generation || !link.HearsOfChanges)
        {
            return;
        }

        var age = DateTimeOffset.UtcNow - answer.MadeAt;
        var left = TimeSpan.FromSeconds(settings.ListSeconds) - age;
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        _lists.Set(
            key,
            new Entry(answer, generation, Environment.TickCount64 + (long)left.TotalMilliseconds),
            new MemoryCacheEntryOptions
            {
                Size = BytesOfAnEntry + (2 * key.Length) + answer.Body.Length,
                AbsoluteExpirationRelativeToNow = left,
            }
        );
    }

    private sealed record Entry(CachedListResponse Answer, long Generation, long FreshUntil);
}
