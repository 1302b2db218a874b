namespace MarketsApi.Infrastructure.Jobs;

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
