using System.Diagnostics;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Many jobs on several instances, some of which are killed, and on a database that goes away: nothing is lost, and nothing runs twice at once.</summary>
public sealed class JobCrashTests : JobProcesses
{
    private const int Jobs = 500;

    [Fact]
    public async Task A_killed_worker_s_jobs_run_elsewhere_within_15_seconds_and_none_is_lost()
    {
        await StartAsync(2);
        await QueueAsync(Jobs);
        await UntilRunsAsync(Jobs / 5);
        var held = await Database.QueryAsync<Guid>("SELECT id FROM jobs WHERE state = 'running'");
        var killedAt = Stopwatch.GetTimestamp();
        Instances[0].Kill();
        Assert.NotEmpty(held);

        await UntilDoneAsync(TimeSpan.FromSeconds(15) - Stopwatch.GetElapsedTime(killedAt));
        await ShouldHaveRunAllAsync(Jobs);
        Assert.True(
            (await Database.QueryAsync<int>("SELECT count(*)::int FROM jobs WHERE state = 'done' AND attempts > 1"))[0]
                > 0,
            "no job was lost, so the test shows nothing"
        );
    }

    [Fact]
    public async Task Workers_that_are_asked_to_stop_end_what_they_run_and_others_do_the_rest()
    {
        await StartAsync(2);
        await QueueAsync(Jobs);
        await UntilRunsAsync(Jobs / 5);
        await Instances[0].TerminateAsync();
        Assert.Equal(0, await Instances[0].ExitAsync());

        // Nothing is left to run out: what it had claimed has ended or been given back.
        await UntilDoneAsync(TimeSpan.FromSeconds(30));
        await ShouldHaveRunAllAsync(Jobs);
        Assert.Equal(Jobs, (await Database.QueryAsync<int>("SELECT count(*)::int FROM job_runs"))[0]);
        Assert.Equal(2, (await Database.QueryAsync<int>("SELECT count(DISTINCT process)::int FROM job_runs"))[0]);
    }

    [Fact]
    public async Task No_job_runs_on_two_of_threeInstances_and_all_do_their_part()
    {
        await StartAsync(3);
        await QueueAsync(Jobs);

        await UntilDoneAsync(TimeSpan.FromSeconds(30));
        await ShouldHaveRunAllAsync(Jobs);
        Assert.Equal(Jobs, (await Database.QueryAsync<int>("SELECT count(*)::int FROM job_runs"))[0]);
        Assert.Equal(3, (await Database.QueryAsync<int>("SELECT count(DISTINCT process)::int FROM job_runs"))[0]);
        // The first instance that tries queues a recurring job; all three have tried since they started.
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
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {TestDatabase.IsOfProgram}"
            );
            await Task.Delay(50);
        }

        await UntilDoneAsync(TimeSpan.FromSeconds(30));
        await ShouldHaveRunAllAsync(Jobs);
        foreach (var instance in Instances)
        {
            var complaints = instance.Everything.Split('\n').Count(line => line.Contains("Jobs are paused because"));
            Assert.InRange(complaints, 0, 40);
        }
    }
}
