namespace MarketsApi.Infrastructure.Jobs;

/// <summary>One kind of background work, in the folder of its slice; found like endpoints are, one instance for the program's life.</summary>
/// <remarks>It runs at least once for each time it was queued, so its effect must be the same when it runs again.</remarks>
public interface IJob
{
    /// <summary>The name that queued jobs carry, and that callers see: 1 to 50 of lower-case letters and hyphens; it never changes.</summary>
    string Kind { get; }

    /// <summary>Does the work. Any exception is a failed attempt; callers read the message of a <see cref="JobException"/> as the last error, and of no other.</summary>
    /// <param name="run">Which job, and which attempt at it.</param>
    /// <param name="cancellationToken">Ends the attempt: the program stops, the time for it is over, or the lease was lost. A job that ignores it holds up the stop.</param>
    Task RunAsync(JobRun run, CancellationToken cancellationToken);
}

/// <summary>A kind of job of which all that wait are done together, where that costs less than one after the other.</summary>
public interface IBatchJob : IJob
{
    /// <summary>
    /// Does the work of several jobs. All are postponed by a <see cref="JobPostponedException"/>; after any other exception each runs by
    /// itself, so that none fails because of another.
    /// </summary>
    /// <param name="runs">Which jobs: at least one, each with a key of its own.</param>
    /// <param name="cancellationToken">Ends the attempt at all of them: the program stops, the time for it is over, or one's lease was lost.</param>
    Task RunAsync(IReadOnlyList<JobRun> runs, CancellationToken cancellationToken);

    /// <inheritdoc/>
    Task IJob.RunAsync(JobRun run, CancellationToken cancellationToken) => RunAsync([run], cancellationToken);
}

/// <summary>A job that is queued again and again by the program itself, by one instance at a time.</summary>
public interface IRecurringJob : IJob
{
    /// <summary>The time from one run to the next.</summary>
    TimeSpan Interval { get; }
}

/// <summary>One attempt at a queued job.</summary>
/// <param name="JobId">The job's id.</param>
/// <param name="Key">The deduplication key that it was queued with, which says what it is about; null when it has none.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
public sealed record JobRun(Guid JobId, string? Key, int Attempt);

/// <summary>An attempt failed for a reason that callers of the API may read: its message becomes the job's last error.</summary>
/// <param name="message">A sentence for people, without anything internal; cut at <see cref="MaxLength"/> characters.</param>
/// <param name="innerException">The cause, for the log only.</param>
public sealed class JobException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The longest last error that is stored.</summary>
    public const int MaxLength = 500;
}

/// <summary>Something that the job needs is unavailable for now: it waits and runs again, without an attempt being counted.</summary>
/// <param name="message">A sentence for people, stored as the job's last error; like that of a <see cref="JobException"/>.</param>
/// <param name="delay">How long to wait.</param>
/// <param name="innerException">The cause, for the log only.</param>
public sealed class JobPostponedException(string message, TimeSpan delay, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>How long to wait.</summary>
    public TimeSpan Delay => delay;
}
