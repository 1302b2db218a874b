namespace MarketsApi.Features.Shared.Jobs;

/// <summary>The kinds of problem that are about jobs.</summary>
internal static class JobProblems
{
    /// <summary>No job has this id, or it was completed so long ago that it was deleted.</summary>
    public static readonly Problem NotFound = new(404, "job-not-found", "Job not found");

    /// <summary>A job that has not failed can't be retried.</summary>
    public static readonly Problem NotFailed = new(409, "job-not-failed", "Only a failed job can be retried");
}
