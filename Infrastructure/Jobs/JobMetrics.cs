using System.Diagnostics.Metrics;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>What the queue does, as metrics (meter MarketsApi.Jobs).</summary>
internal sealed class JobMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "MarketsApi.Jobs";

    /// <summary>The default boundaries are meant for milliseconds.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
        [
            0.001,
            0.0025,
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10,
            30,
            60,
            300,
        ],
    };

    private readonly Histogram<double> _runs;
    private readonly Histogram<double> _waits;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _lost;
    private readonly ObservableGauge<long> _depth;
    private readonly ObservableGauge<double> _oldest;
    private readonly TimeProvider _clock;
    private volatile JobDepth _measured = new();

    public JobMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Create(Meter);
        _runs = meter.CreateHistogram<double>(
            "jobs.run.duration",
            "s",
            "How long attempts took; job.kind, and job.outcome done, failed, postponed or released.",
            tags: null,
            Seconds
        );
        _waits = meter.CreateHistogram<double>(
            "jobs.wait.duration",
            "s",
            "How long jobs were due before an attempt began; job.kind.",
            tags: null,
            Seconds
        );
        _failures = meter.CreateCounter<long>(
            "jobs.failures",
            "{attempt}",
            "Attempts that failed; job.kind, and job.final whether it was the last one."
        );
        _lost = meter.CreateCounter<long>(
            "jobs.lost",
            "{attempt}",
            "Attempts whose process ended or was cut off, found by this instance; job.kind."
        );
        _depth = meter.CreateObservableGauge(
            "jobs.depth",
            () => _measured.Depth,
            "{job}",
            "Jobs that are due and wait, of the whole database, counted as far as 100,000."
        );
        _oldest = meter.CreateObservableGauge(
            "jobs.oldest.age",
            () =>
                _measured.Oldest is { } oldest
                    ? Math.Max(0, (_clock.GetUtcNow().UtcDateTime - oldest).TotalSeconds)
                    : 0,
            "s",
            "How long the oldest of them has been due."
        );
    }

    /// <summary>Whether the queue's metrics are collected; measuring them takes a statement.</summary>
    public bool WantsDepth => _depth.Enabled || _oldest.Enabled;

    /// <summary>Begins the count of final failures of each kind at 0: monitoring wouldn't see an increase if the counter first appeared at 1.</summary>
    public void Introduce(IEnumerable<string> kinds)
    {
        foreach (var kind in kinds)
        {
            _failures.Add(0, new("job.kind", kind), new("job.final", true));
        }
    }

    public void Measured(JobDepth depth) => _measured = depth;

    public void Started(ClaimedJob job)
    {
        if (_waits.Enabled)
        {
            var wait = (_clock.GetUtcNow().UtcDateTime - job.RunAt).TotalSeconds;
            _waits.Record(Math.Max(0, wait), new KeyValuePair<string, object?>("job.kind", job.Kind));
        }
    }

    public void Ended(ClaimedJob job, TimeSpan duration, string outcome) =>
        _runs.Record(duration.TotalSeconds, new("job.kind", job.Kind), new("job.outcome", outcome));

    public void Failed(ClaimedJob job, bool isFinal) =>
        _failures.Add(1, new("job.kind", job.Kind), new("job.final", isFinal));

    public void Lost(ClaimedJob job)
    {
        _lost.Add(1, new KeyValuePair<string, object?>("job.kind", job.Kind));
        Failed(job, job.Attempts >= job.MaxAttempts);
    }
}
