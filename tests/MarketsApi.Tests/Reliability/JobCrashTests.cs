using System.Diagnostics;
using MarketsApi.Tests.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Jobs on several instances, some of which are killed, and on a database that goes away: nothing is lost, and nothing runs twice at once.</summary>
[Collection(nameof(Alone))]
public sealed class JobCrashTests : IAsyncLifetime
{
    private const int Jobs = 1_000;

    private readonly List<ProgramProcess> _instances = [];
    private TestDatabase? _database;

    private TestDatabase Database => _database!;

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
    }

    [Fact]
    public async Task A_killed_worker_s_jobs_run_elsewhere_within_15_seconds_and_none_is_lost()
    {
        await StartAsync(2);
        await QueueAsync(Jobs);
        await UntilRunsAsync(Jobs / 5);
        var held = await Database.QueryAsync<Guid>("SELECT id FROM jobs WHERE state = 'running'");
        var killedAt = Stopwatch.GetTimestamp();
        _instances[0].Kill();
        Assert.NotEmpty(held);

        await UntilDoneAsync(TimeSpan.FromSeconds(15) - Stopwatch.GetElapsedTime(killedAt));
        await ShouldHaveRunAllAsync(Jobs);
        Assert.True(
            (await Database.QueryAsync<int>("SELECT count(*)::int FROM jobs WHERE state = 'done' AND attempts > 1"))[0]
                > 0,
            "no job was lost, so that nothing is shown"
        );
    }

    [Fact]
    public async Task Workers_that_are_asked_to_stop_end_what_they_run_and_others_do_the_rest()
    {
        await StartAsync(2);
        await QueueAsync(Jobs);
        await UntilRunsAsync(Jobs / 5);
        await _instances[0].TerminateAsync();
        Assert.Equal(0, await _instances[0].ExitAsync());

        // Nothing is left to run out: what it had claimed has ended or been given back.
        await UntilDoneAsync(TimeSpan.FromSeconds(30));
        await ShouldHaveRunAllAsync(Jobs);
        Assert.Equal(Jobs, (await Database.QueryAsync<int>("SELECT count(*)::int FROM job_runs"))[0]);
        Assert.Equal(2, (await Database.QueryAsync<int>("SELECT count(DISTINCT process)::int FROM job_runs"))[0]);
    }

    [Fact]
    public async Task No_job_runs_on_two_of_three_instances_and_all_do_their_part()
    {
        await StartAsync(3);
        await QueueAsync(Jobs);

        await UntilDoneAsync(TimeSpan.FromSeconds(30));
        await ShouldHaveRunAllAsync(Jobs);
        Assert.Equal(Jobs, (await Database.QueryAsync<int>("SELECT count(*)::int FROM job_runs"))[0]);
        Assert.Equal(3, (await Database.QueryAsync<int>("SELECT count(DISTINCT process)::int FROM job_runs"))[0]);
        // Recurring jobs are queued by whoever comes first, which all three have tried to be since they started.
        Assert.Equal(
            1,
            (await Database.QueryAsync<int>("SELECT count(*)::int FROM jobs WHERE kind = 'prune-jobs'"))[0]
        );
    }

    [Fact]
    public async Task Workers_go_on_by_themselves_when_the_database_was_away()
    {
        await StartAsync(2);
        await QueueAsync(Jobs);
        await UntilRunsAsync(Jobs / 5);
        for (var cut = 0; cut < 20; cut++)
        {
            // As at a restart: every connection breaks.
            await Database.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            );
            await Task.Delay(50);
        }

        await UntilDoneAsync(TimeSpan.FromSeconds(30));
        await ShouldHaveRunAllAsync(Jobs);
        foreach (var instance in _instances)
        {
            var complaints = instance.Everything.Split('\n').Count(line => line.Contains("Jobs wait, since"));
            Assert.InRange(complaints, 0, 40);
        }
    }

    [Fact]
    public async Task A_recurring_job_runs_once_at_its_time_on_three_instances_and_outlives_who_ran_it()
    {
        const int every = 300;
        await StartAsync(3, (RecurringRecordedJob.Variable, $"{every}"), ("Jobs__LeaseSeconds", "2"));

        await UntilRunsAsync(12);
        var (runs, milliseconds) = (
            await Database.QueryAsync<(int, double)>(
                "SELECT count(*)::int, extract(epoch FROM max(began_at) - min(began_at))::float8 * 1000 FROM job_runs"
            )
        )[0];
        // The first may have begun up to a poll after its time.
        Assert.InRange((runs - 1) * every, 0, milliseconds + 500);

        var ran = (await Database.QueryAsync<int>("SELECT process FROM job_runs ORDER BY began_at DESC LIMIT 1"))[0];
        _instances.Single(instance => instance.Id == ran).Kill();
        await UntilRunsAsync(runs + 8);
        Assert.Empty(
            await Database.QueryAsync<Guid>(
                """
                SELECT one.job_id
                FROM job_runs one
                JOIN job_runs other ON other.began_at > one.began_at
                WHERE other.began_at < one.ended_at
                """
            )
        );
    }

    [Fact]
    public async Task A_job_that_kills_its_process_each_time_fails_and_takes_no_other_job_with_it()
    {
        await StartAsync(3, ("Jobs__LeaseSeconds", "2"));
        var killer = await Database.QueueAsync(kind: "killing", maxAttempts: 2);
        await QueueAsync(Jobs / 4);

        await UntilDoneAsync(TimeSpan.FromSeconds(30));
        var failed = await Database.JobUntilAsync(killer, "failed");
        Assert.Equal(2, failed.Attempts);
        Assert.Contains(
            "process",
            (await Database.QueryAsync<string>("SELECT last_error FROM jobs WHERE id = @killer", new { killer }))[0],
            StringComparison.Ordinal
        );
        Assert.Single(_instances, instance => instance.IsRunning);
        await ShouldHaveRunAllAsync(Jobs / 4);
    }

    private async Task StartAsync(int count, params (string Name, string? Value)[] environment)
    {
        for (var number = 0; number < count; number++)
        {
            _instances.Add(
                ProgramProcess.StartWithTestJobs([
                    ("DATABASE_URL", Database.ConnectionString + ";Pooling=true;Maximum Pool Size=20"),
                    .. environment,
                ])
            );
        }

        foreach (var instance in _instances)
        {
            await instance.UntilAsync("/health/ready");
        }
    }

    private Task<int> QueueAsync(int count) =>
        Database.ExecuteAsync(
            """
            INSERT INTO jobs (id, kind, created_at, run_at)
            SELECT gen_random_uuid(), 'recorded', now(), now() FROM generate_series(1, @count)
            """,
            new { count }
        );

    private Task UntilRunsAsync(int count) =>
        JobTable.UntilAsync(
            async () => (await Database.QueryAsync<int>("SELECT count(*)::int FROM job_runs"))[0] >= count,
            () => string.Join('\n', _instances.Select(instance => instance.Everything))
        );

    private Task UntilDoneAsync(TimeSpan atMost) =>
        JobTable.UntilAsync(
            async () =>
                (
                    await Database.QueryAsync<int>(
                        "SELECT count(*)::int FROM jobs WHERE kind = 'recorded' AND state <> 'done'"
                    )
                )[0] == 0,
            () => string.Join('\n', _instances.Select(instance => instance.Everything)),
            atMost
        );

    private async Task ShouldHaveRunAllAsync(int count)
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
