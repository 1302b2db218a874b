namespace MarketsApi.Infrastructure.Jobs;

/// <summary>One attempt at a queued job.</summary>
/// <param name="JobId">The job's id.</param>
/// <param name="MarketId">The market that it is about, which may be gone by now; null when it is about none.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
public sealed record JobRun(Guid JobId, Guid? MarketId, int Attempt);
