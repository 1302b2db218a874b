using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Jobs as the queue would have left them.</summary>
internal static class JobRows
{
    /// <summary>Puts one into the database.</summary>
    public static async Task<Guid> AddJobAsync(
        this ApiFixture api,
        string state,
        DateTime createdAt,
        string kind = "prune-jobs",
        Guid? market = null,
        string? key = null,
        string? error = null
    )
    {
        var id = Guid.NewGuid();
        var hasBegun = state != "queued";
        var hasEnded = state is "done" or "failed";
        await api.Database.ExecuteAsync(
            """
            INSERT INTO jobs (id, kind, state, market_id, deduplication_key, attempts, last_error,
                created_at, run_at, started_at, finished_at, worker_id, lease_ends_at)
            VALUES (@id, @kind, @state, @market, @key, @attempts, @error,
                @createdAt, @createdAt, @startedAt, @finishedAt, @worker, @leaseEndsAt)
            """,
            new
            {
                id,
                kind,
                state,
                market,
                key,
                error,
                createdAt,
                attempts = state == "failed" ? 8
                : hasBegun ? 1
                : 0,
                startedAt = hasBegun ? createdAt.AddSeconds(1) : (DateTime?)null,
                finishedAt = hasEnded ? createdAt.AddSeconds(2) : (DateTime?)null,
                worker = state == "running" ? Guid.NewGuid() : (Guid?)null,
                leaseEndsAt = state == "running" ? createdAt.AddSeconds(10) : (DateTime?)null,
            }
        );
        return id;
    }
}
