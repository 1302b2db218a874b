using System.Collections.Concurrent;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>A kind of job that does what the test says: by the market that it is about.</summary>
public sealed class ScriptedJob : IJob
{
    /// <summary>What to do for each market.</summary>
    public ConcurrentDictionary<Guid, Func<JobRun, CancellationToken, Task>> Scripts { get; } = [];

    /// <summary>All runs, in the order in which they began.</summary>
    public ConcurrentQueue<JobRun> Runs { get; } = [];

    /// <inheritdoc/>
    public string Kind => "scripted";

    /// <inheritdoc/>
    public Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        Runs.Enqueue(run);
        return run.MarketId is { } market && Scripts.TryGetValue(market, out var script)
            ? script(run, cancellationToken)
            : Task.CompletedTask;
    }

    /// <summary>The runs of one job.</summary>
    public IReadOnlyList<JobRun> RunsOf(Guid job) => [.. Runs.Where(run => run.JobId == job)];
}
