using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Reliability;

/// <summary>A few connections that read some markets all the time and change one now and then, and how long each response took.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int Connections = 8;
    private const int ReadsForEachWrite = 40;

    private readonly ConcurrentQueue<(long At, double Milliseconds, HttpStatusCode Status)> _responses = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Fleet _fleet;
    private readonly IReadOnlyList<Guid> _markets;
    private readonly Task _all;

    /// <summary>Begins.</summary>
    public SteadyLoad(Fleet fleet, IReadOnlyList<Guid> markets)
    {
        (_fleet, _markets) = (fleet, markets);
        _all = Task.WhenAll(Enumerable.Range(0, Connections).Select(KeepAskingAsync));
    }

    /// <summary>How many responses there have been so far.</summary>
    public int Count => _responses.Count;

    /// <summary>The statuses that were not 200.</summary>
    public IReadOnlyList<HttpStatusCode> Failures =>
        [.. _responses.Select(response => response.Status).Where(status => status != HttpStatusCode.OK)];

    /// <summary>The time that 99 of 100 requests took at most, in milliseconds, of those that began in the second from here on; waits for it to pass.</summary>
    public async Task<double> NextSecondAsync()
    {
        var from = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(1));
        var to = Stopwatch.GetTimestamp();
        // Requests that were sent within it get the time for their responses.
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        var times = _responses
            .Where(response => response.At >= from && response.At < to)
            .Select(response => response.Milliseconds)
            .Order()
            .ToList();
        return times.Count >= 50
            ? times[(int)(times.Count * 0.99)]
            : throw new InvalidOperationException($"Only {times.Count} responses in a second.");
    }

    /// <summary>The median of what some seconds came to.</summary>
    public async Task<double> MedianOfNextSecondsAsync(int seconds)
    {
        var each = new List<double>();
        while (each.Count < seconds)
        {
            each.Add(await NextSecondAsync());
        }

        return each.Order().ElementAt(seconds / 2);
    }

    /// <summary>Ends it.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await _all;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task KeepAskingAsync(int connection)
    {
        using var client = Fleet.OneConnectionTo(_fleet.Instances[connection % _fleet.Instances.Count]);
        for (var count = 0; !_end.IsCancellationRequested; count++)
        {
            var id = _markets[((connection * 17) + count) % _markets.Count];
            var at = Stopwatch.GetTimestamp();
            var reading =
                count % ReadsForEachWrite == connection
                    ? await Fleet.WriteAsync(client, id, $"{connection}, {count}")
                    : await Fleet.ReadAsync(client, id);
            _responses.Enqueue((at, Stopwatch.GetElapsedTime(at).TotalMilliseconds, reading.Status));
            await Task.Delay(8);
        }
    }
}
