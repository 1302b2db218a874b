namespace MarketsApi.Features.GetJob;

internal static class GetJobSql
{
    public const string Select = """
        SELECT id, kind, state, market_id, attempts, max_attempts, last_error, created_at, run_at, started_at, finished_at
        FROM jobs
        WHERE id = @id
        """;
}
