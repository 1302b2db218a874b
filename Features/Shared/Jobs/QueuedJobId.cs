namespace MarketsApi.Features.Shared.Jobs;

/// <summary>A job that was queued.</summary>
/// <param name="JobId">The job's id.</param>
public sealed record QueuedJobId(Guid JobId);
