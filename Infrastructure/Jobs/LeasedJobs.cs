using System.Collections.Concurrent;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>All jobs that this process holds a lease of.</summary>
internal sealed class LeasedJobs
{
    private readonly ConcurrentDictionary<(Guid, int), LeasedJob> _jobs = new();

    public bool IsEmpty => _jobs.IsEmpty;

    public IReadOnlyCollection<LeasedJob> All => [.. _jobs.Values];

    public void Add(LeasedJob job) => _jobs[job.Key] = job;

    public void Remove(LeasedJob job)
    {
        _jobs.TryRemove(job.Key, out _);
        job.Dispose();
    }
}
