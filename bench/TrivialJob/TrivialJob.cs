using System.Diagnostics;
using System.Globalization;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.TrivialJob;

/// <summary>A job without work. Of each series, whose sizes JOB_SERIES names, it says how long it took and how late its jobs began.</summary>
public sealed class TrivialJob : IJob
{
    private readonly Queue<int> _sizes = new(
        (Environment.GetEnvironmentVariable("JOB_SERIES") ?? "1")
            .Split(',')
            .Select(size => int.Parse(size, CultureInfo.InvariantCulture))
    );
    private readonly List<double> _delays = [];
    private readonly Lock _lock = new();
    private long _began;

    /// <inheritdoc/>
    public string Kind => "trivial";

    /// <inheritdoc/>
    public Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_delays.Count == 0)
            {
                _began = Stopwatch.GetTimestamp();
            }

            _delays.Add((DateTimeOffset.UtcNow - QueuedAt(run.JobId)).TotalMilliseconds);
            if (_sizes.TryPeek(out var size) && _delays.Count == size)
            {
                Report();
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Ids of version 7 begin with the millisecond in which they were made (RFC 9562).</summary>
    private static DateTimeOffset QueuedAt(Guid id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(
            long.Parse(id.ToString("N").AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        );

    private void Report()
    {
        var seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        _delays.Sort();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"series {_delays.Count} {_delays.Count / seconds:F1} {_delays[_delays.Count / 2]:F1} {_delays[_delays.Count * 95 / 100]:F1}"
            )
        );
        _delays.Clear();
        _sizes.Dequeue();
    }
}
