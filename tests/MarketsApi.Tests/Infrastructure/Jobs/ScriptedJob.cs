using System.Collections.Concurrent;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>A kind of job that does what the test says: by the first part of its key.</summary>
public sealed class ScriptedJob : IJob
{
    /// <summary>What to do for each script.</summary>
    public ConcurrentDictionary<Guid, Func<JobRun, CancellationToken, Task>> Scripts { get; } = [];

    /// <summary>All runs, in the order in which they began.</summary>
    public ConcurrentQueue<JobRun> Runs { get; } = [];

    /// <inheritdoc/>
    public string Kind => "scripted";

    /// <inheritdoc/>
    public Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        Runs.Enqueue(run);
        return ScriptOf(run) is { } name && Scripts.TryGetValue(name, out var script)
            ? script(run, cancellationToken)
            : Task.CompletedTask;
    }

    /// <summary>The script that the run was to follow, if any.</summary>
    public static Guid? ScriptOf(JobRun run) => Guid.TryParse(run.Key?.Split('/')[0], out var script) ? script : null;

    /// <summary>The runs of one job.</summary>
    public IReadOnlyList<JobRun> RunsOf(Guid job) => [.. Runs.Where(run => run.JobId == job)];
}
