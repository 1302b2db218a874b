using MarketsApi.Tests.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Processes that share a database and know the tests' own kinds of job.</summary>
public abstract class JobProcesses : IAsyncLifetime
{
    private readonly List<ProgramProcess> _instances = [];
    private TestDatabase? _database;

    protected IReadOnlyList<ProgramProcess> Instances => _instances;

    protected TestDatabase Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await Database.ExecuteAsync(RecordedJob.Table);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task StartAsync(int count, params (string Name, string? Value)[] environment)
    {
        for (var number = 0; number < count; number++)
        {
            _instances.Add(
                ProgramProcess.StartWithTestJobs([
                    ("DATABASE_URL", Database.ConnectionString + ";Maximum Pool Size=20"),
                    .. environment,
                ])
            );
        }

        foreach (var instance in _instances)
        {
            await instance.UntilAsync("/health/ready");
        }
    }

    protected Task<int> QueueAsync(int count) =>
        Database.ExecuteAsync(
            """
            INSERT INTO jobs (id, kind, created_at, run_at)
            SELECT gen_random_uuid(), 'recorded', now(), now() FROM generate_series(1, @count)
            """,
            new { count }
        );

    /// <summary>Waits until something is so, or fails with what the processes said.</summary>
    protected Task UntilAsync(Func<Task<bool>> isSo, TimeSpan? atMost = null) =>
        Eventually.UntilAsync(
            isSo,
            () => string.Join('\n', _instances.Select(instance => instance.Everything)),
            atMost
        );

    protected Task UntilRunsAsync(int count, TimeSpan? atMost = null) =>
        UntilAsync(
            async () => (await Database.QueryAsync<int>("SELECT count(*)::int FROM job_runs"))[0] >= count,
            atMost
        );

    protected Task UntilDoneAsync(TimeSpan atMost) =>
        UntilAsync(
            async () =>
                (
                    await Database.QueryAsync<int>(
                        "SELECT count(*)::int FROM jobs WHERE kind = 'recorded' AND state <> 'done'"
                    )
                )[0] == 0,
            atMost
        );

    protected async Task ShouldHaveRunAllAsync(int count)
    {
        Assert.Equal(
            count,
            (
                await Database.QueryAsync<int>(
                    "SELECT count(DISTINCT job_id)::int FROM job_runs WHERE ended_at IS NOT NULL"
                )
            )[0]
        );
        // A run that didn't end was killed with its process; one that did must not have been beside another of its job.
        Assert.Empty(
            await Database.QueryAsync<Guid>(
                """
                SELECT one.job_id
                FROM job_runs one
                JOIN job_runs other ON other.job_id = one.job_id AND other.attempt <> one.attempt
                WHERE (one.began_at, one.ended_at) OVERLAPS (other.began_at, other.ended_at)
                """
            )
        );
    }
}
