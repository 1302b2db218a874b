namespace MarketsApi.Infrastructure.Jobs;

/// <summary>One kind of background work, in the folder of its slice; found like endpoints are, one instance for the program's life.</summary>
/// <remarks>It runs at least once for each time it was queued, so its effect must be the same when it runs again.</remarks>
public interface IJob
{
    /// <summary>The name that queued jobs carry, and that callers see: 1 to 50 of lower-case letters and hyphens, for good.</summary>
    string Kind { get; }

    /// <summary>Does the work. A thrown exception is a failed attempt, and its message what callers read as the last error.</summary>
    Task RunAsync(JobRun run, CancellationToken cancellationToken);
}
