namespace MarketsApi.Features.PruneJobs;

internal static class PruneJobsSql
{
    /// <summary>Deletes some of the jobs that ended before a time. None has ended before it was created, so the index of states bounds the search.</summary>
    public const string Delete = """
        DELETE FROM jobs
        WHERE id IN (
            SELECT id
            FROM jobs
            WHERE state = @State AND created_at < @Before AND finished_at < @Before
            ORDER BY created_at, id
            LIMIT @Limit
            FOR UPDATE SKIP LOCKED
        )
        """;
}
