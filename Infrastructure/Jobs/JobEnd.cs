namespace MarketsApi.Infrastructure.Jobs;

/// <summary>How one attempt has ended.</summary>
/// <param name="Job">The job.</param>
/// <param name="IsDone">Whether the work is done.</param>
/// <param name="IsCounted">Whether the attempt counts, when it isn't.</param>
/// <param name="Error">What callers may read about it; null leaves what an earlier attempt said.</param>
/// <param name="Delay">How long to wait before the next attempt.</param>
internal sealed record JobEnd(ClaimedJob Job, bool IsDone, bool IsCounted, string? Error, TimeSpan Delay)
{
    /// <summary>The work is done.</summary>
    public static JobEnd Done(ClaimedJob job) => new(job, true, true, null, default);

    /// <summary>The attempt failed; another one follows, unless it was the last.</summary>
    public static JobEnd Failed(ClaimedJob job, string error, TimeSpan delay) => new(job, false, true, error, delay);

    /// <summary>It waits for something; the attempt doesn't count.</summary>
    public static JobEnd Postponed(ClaimedJob job, string error, TimeSpan delay) =>
        new(job, false, false, error, delay);

    /// <summary>It was not run, or not to its end, since the process stops: as if it had never been claimed.</summary>
    public static JobEnd Released(ClaimedJob job) => new(job, false, false, null, default);
}
