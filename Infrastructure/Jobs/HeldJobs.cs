using System.Collections.Concurrent;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>All jobs that this process holds a lease of.</summary>
internal sealed class HeldJobs
{
    private readonly ConcurrentDictionary<(Guid, int), HeldJob> _jobs = new();

    public bool IsEmpty => _jobs.IsEmpty;

    public IReadOnlyCollection<HeldJob> All => [.. _jobs.Values];

    public void Add(HeldJob job) => _jobs[job.Key] = job;

    public void Remove(HeldJob job)
    {
        _jobs.TryRemove(job.Key, out _);
        job.Dispose();
    }
}
