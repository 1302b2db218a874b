using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>Deletes expired first responses.</summary>
internal sealed class PruneIdempotencyKeysJob(
    [FromKeyedServices(Database.ForJobs)] Database database,
    TimeProvider clock
) : IRecurringJob
{
    /// <summary>How many rows one statement deletes, so that none holds locks for long.</summary>
    private const int Batch = 5_000;

    /// <inheritdoc/>
    public string Kind => "prune-idempotency-keys";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public async Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var parameters = new { KeptSince = clock.GetStoredNow() - IdempotencyKey.Life, Limit = Batch };
        while (await database.ExecuteAsync(IdempotencySql.Prune, parameters, cancellationToken) == Batch)
        {
            // There may be more.
        }
    }
}
