using System.Collections.Concurrent;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>A kind of job that is done together, by the script of the first part of the first key.</summary>
public sealed class ScriptedBatchJob : IBatchJob
{
    /// <summary>The name of the kind.</summary>
    public const string Name = "scripted-batch";

    /// <summary>What to do for each script.</summary>
    public ConcurrentDictionary<Guid, Func<IReadOnlyList<JobRun>, CancellationToken, Task>> Scripts { get; } = [];

    /// <inheritdoc/>
    public string Kind => Name;

    /// <inheritdoc/>
    public Task RunAsync(IReadOnlyList<JobRun> runs, CancellationToken cancellationToken) =>
        Scripts[ScriptedJob.ScriptOf(runs[0])!.Value](runs, cancellationToken);
}
