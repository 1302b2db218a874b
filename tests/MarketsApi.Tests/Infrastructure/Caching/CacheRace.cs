using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>Writers and readers of one market on all instances at full load; records each reader that gets an older version than before.</summary>
internal sealed class CacheRace(Fleet fleet, Guid id)
{
    private const int Writers = 8;
    private const int Readers = 32;

    private readonly ConcurrentQueue<string> _errors = new();
    private long _reads;
    private long _memoryHits;
    private long _writes;
    private long _newest;

    /// <summary>How long it takes; TEST_CACHE_RACE_SECONDS says another time.</summary>
    public static TimeSpan Length { get; } =
        TimeSpan.FromSeconds(
            double.Parse(
                Environment.GetEnvironmentVariable("TEST_CACHE_RACE_SECONDS") is { Length: > 0 } text ? text
                    : LongForm.IsWanted ? "4"
                    : "2",
                CultureInfo.InvariantCulture
            )
        );

    /// <summary>Whether the long form of these tests is wanted: 20 seconds or more.</summary>
    public static bool IsLong => Length >= TimeSpan.FromSeconds(20);

    private bool HasRunEnough => _reads > 1000 && _writes > 50 && _memoryHits > 30 && Newest > 50;

    /// <summary>The newest version that any writer got.</summary>
    public long Newest => Interlocked.Read(ref _newest);

    /// <summary>Runs it during a disturbance of the servers, and waits for a disturbance that takes longer than <see cref="Length"/>.</summary>
    /// <param name="readsElsewhere">Whether writers read their own writes on any instance, rather than on the one that wrote.</param>
    /// <param name="meanwhile">What is done.</param>
    public async Task RunAsync(bool readsElsewhere, Func<Task>? meanwhile = null)
    {
        using var end = new CancellationTokenSource();
        var all = Enumerable
            .Range(0, Readers)
            .Select(reader => KeepReadingAsync(fleet.Instances[reader % fleet.Instances.Count], end.Token))
            .Concat(Enumerable.Range(0, Writers).Select(writer => KeepWritingAsync(writer, readsElsewhere, end.Token)))
            .ToList();
        await Task.WhenAll(Task.Delay(Length), meanwhile?.Invoke() ?? Task.CompletedTask);
        // A slow machine takes longer for as many.
        for (var more = 0; more < 100 && !HasRunEnough; more++)
        {
            await Task.Delay(200);
        }

        await end.CancelAsync();
        await Task.WhenAll(all);
    }

    /// <summary>All instances return the newest version to one request each.</summary>
    public async Task ShouldHaveAgreedAsync()
    {
        var readings = await Task.WhenAll(fleet.Instances.Select(one => Fleet.ReadAsync(one.Client, id)));
        Assert.All(readings, reading => Assert.Equal((HttpStatusCode.OK, Newest), (reading.Status, reading.Version)));
    }

    /// <summary>No reader got an older version or an error, and reads and writes did overlap.</summary>
    public void ShouldHaveGoneWell()
    {
        Assert.True(
            _errors.IsEmpty,
            $"{_errors.Count} errors in {_reads} reads and {_writes} writes, among them:\n"
                + string.Join("\n", _errors.Take(10))
                + "\n"
                + fleet.Everything
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_reads} reads, {_memoryHits} of them from memory, {_writes} writes"
        );
        Assert.True(_reads > 1000, $"only {_reads} reads");
        Assert.True(_writes > 50, $"only {_writes} writes");
        Assert.True(_memoryHits > 30, $"only {_memoryHits} reads were served from memory");
        Assert.True(Newest > 50, $"no more than {Newest} versions");
    }

    private async Task KeepReadingAsync(IInstance instance, CancellationToken end)
    {
        using var client = Fleet.OneConnectionTo(instance);
        long seen = 0;
        while (!end.IsCancellationRequested)
        {
            var reading = await Fleet.ReadAsync(client, id);
            Interlocked.Increment(ref _reads);
            if (reading.IsMemoryHit)
            {
                Interlocked.Increment(ref _memoryHits);
            }

            if (reading.Status != HttpStatusCode.OK || reading.Version < seen)
            {
                _errors.Enqueue(Describe($"a reader of {instance.Address.Port} that had seen {seen}", reading));
            }

            seen = Math.Max(seen, reading.Version);
            await Task.Delay(Random.Shared.Next(24), CancellationToken.None);
        }
    }

    private async Task KeepWritingAsync(int writer, bool readsElsewhere, CancellationToken end)
    {
        using var clients = new ClientOfEach(fleet.Instances);
        for (var count = 0; !end.IsCancellationRequested; count++)
        {
            var (where, client) = clients.Any();
            var written = await Fleet.WriteAsync(client, id, $"writer {writer}, write {count}");
            if (written.Status != HttpStatusCode.OK)
            {
                _errors.Enqueue(Describe($"writer {writer} on {where}", written));
                continue;
            }

            Interlocked.Increment(ref _writes);
            InterlockedMax(written.Version);
            var (elsewhere, reader) = readsElsewhere ? clients.Any() : (where, client);
            var reading = await Fleet.ReadAsync(reader, id);
            if (reading.Status != HttpStatusCode.OK || reading.Version < written.Version)
            {
                _errors.Enqueue(
                    Describe($"writer {writer} that had written {written.Version} on {where}, on {elsewhere}", reading)
                );
            }

            await Task.Delay(Random.Shared.Next(16), CancellationToken.None);
        }
    }

    private void InterlockedMax(long version)
    {
        for (var known = Newest; known < version; known = Newest)
        {
            Interlocked.CompareExchange(ref _newest, version, known);
        }
    }

    private static string Describe(string who, MarketReading reading) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:HH:mm:ss.fff} {who} got {(int)reading.Status}, version {reading.Version} ({reading.CacheStatus})"
        );
}
