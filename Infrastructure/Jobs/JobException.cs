namespace MarketsApi.Infrastructure.Jobs;

/// <summary>An attempt failed for a reason that callers of the API may read: its message becomes the job's last error.</summary>
/// <param name="message">A sentence for people, without anything internal; cut at <see cref="MaxLength"/> characters.</param>
/// <param name="innerException">The cause, for the log only.</param>
public sealed class JobException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The longest last error that is kept.</summary>
    public const int MaxLength = 500;
}
