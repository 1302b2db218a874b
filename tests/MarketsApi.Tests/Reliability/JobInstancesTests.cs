using MarketsApi.Tests.Infrastructure.Jobs;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Recurring jobs, and a job that kills its process, on three instances.</summary>
public sealed class JobInstancesTests : JobProcesses
{
    private const int Few = 250;

    // The machine may be busy.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_recurring_job_runs_once_at_its_time_on_three_instances_and_outlives_who_ran_it()
    {
        const int every = 200;
        await StartAsync(3, (RecurringRecordedJob.Variable, $"{every}"), ("Jobs__LeaseSeconds", "2"));

        await UntilRunsAsync(24, Patience);
        var (runs, milliseconds) = (
            await Database.QueryAsync<(int, double)>(
                "SELECT count(*)::int, extract(epoch FROM max(began_at) - min(began_at))::float8 * 1000 FROM job_runs"
            )
        )[0];
        // The first may have begun late. Three instances with separate schedules would have needed a third of this.
        Assert.InRange((runs - 1) * every, 0, milliseconds + 1_500);

        var ran = (await Database.QueryAsync<int>("SELECT process FROM job_runs ORDER BY began_at DESC LIMIT 1"))[0];
        Instances.Single(instance => instance.Id == ran).Kill();
        await UntilRunsAsync(runs + 8, Patience);
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
        await QueueAsync(Few);

        await UntilAsync(async () => (await Database.JobAsync(killer))!.State == "failed", Patience);
        Assert.Equal(
            (2, "The process that ran it ended, or lost touch with the database."),
            (
                await Database.QueryAsync<(int, string)>(
                    "SELECT attempts, last_error FROM jobs WHERE id = @killer",
                    new { killer }
                )
            )[0]
        );
        Assert.Single(Instances, instance => instance.IsRunning);
        await UntilDoneAsync(Patience);
        await ShouldHaveRunAllAsync(Few);
    }
}
