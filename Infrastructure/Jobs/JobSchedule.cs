namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Queues the recurring jobs at their time. All instances do that; the database lets one of them.</summary>
internal sealed class JobSchedule(JobCatalog catalog, JobStore store, TimeProvider clock)
{
    private readonly Dictionary<string, DateTime> _due = new(StringComparer.Ordinal);

    public async Task QueueDueAsync(CancellationToken cancellationToken)
    {
        foreach (var job in catalog.Recurring)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            // A clock that was set back must not leave a job waiting for the time that it was set back from.
            if (!_due.TryGetValue(job.Kind, out var due) || due <= now || due > now + job.Interval)
            {
                _due[job.Kind] = await store.QueueRecurringAsync(job, cancellationToken);
            }
        }
    }
}
