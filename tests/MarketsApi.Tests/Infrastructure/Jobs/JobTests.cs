using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>What becomes of a job.</summary>
public sealed class JobTests(JobsFixture api) : IClassFixture<JobsFixture>
{
    private TestDatabase Database => api.Database;

    [Fact]
    public async Task Runs_and_is_done()
    {
        var script = Guid.NewGuid();
        var id = await Database.QueueAsync(script);
        api.Queue.Wake();

        var job = await Database.JobUntilAsync(id, "done");
        Assert.Equal([new JobRun(id, JobTable.KeyOf(id, script), 1)], api.Scripted.RunsOf(id));
        Assert.Equal(1, job.Attempts);
        Assert.Null(job.LastError);
        Assert.Null(job.WorkerId);
        Assert.True(job.CreatedAt <= job.StartedAt && job.StartedAt <= job.FinishedAt, $"{job}");
    }

    [Fact]
    public async Task Runs_not_before_its_time()
    {
        var due = DateTime.UtcNow.AddSeconds(1);
        var id = await Database.QueueAsync(runAt: due);
        api.Queue.Wake();

        var job = await Database.JobUntilAsync(id, "done");
        Assert.InRange(job.StartedAt!.Value, due, due.AddSeconds(2));
    }

    [Fact]
    public async Task Runs_again_after_a_failure_and_forgets_the_error()
    {
        var script = Guid.NewGuid();
        api.Scripted.Scripts[script] = (run, _) =>
            run.Attempt < 3 ? throw new JobException("Not yet") : Task.CompletedTask;
        var id = await Database.QueueAsync(script);

        var job = await Database.JobUntilAsync(id, "done");
        Assert.Equal([1, 2, 3], api.Scripted.RunsOf(id).Select(run => run.Attempt));
        Assert.Equal(3, job.Attempts);
        Assert.Null(job.LastError);
    }

    [Fact]
    public async Task Fails_permanently_at_its_last_attempt_with_a_cut_sentence()
    {
        var script = Guid.NewGuid();
        api.Scripted.Scripts[script] = (_, _) => throw new JobException("Too bad\0 \ud800 " + new string('x', 1_000));
        var id = await Database.QueueAsync(script, maxAttempts: 3);

        var job = await Database.JobUntilAsync(id, "failed");
        Assert.Equal(3, job.Attempts);
        Assert.StartsWith("Too bad  \ufffd xxx", job.LastError, StringComparison.Ordinal);
        Assert.Equal(500, job.LastError!.Length);
        Assert.NotNull(job.FinishedAt);
        Assert.Equal(3, api.Scripted.RunsOf(id).Count);
    }

    [Fact]
    public async Task Says_nothing_of_an_unexpected_error_but_when_it_was()
    {
        var script = Guid.NewGuid();
        api.Scripted.Scripts[script] = (_, _) => throw new InvalidOperationException("Password=hunter2");
        var id = await Database.QueueAsync(script, maxAttempts: 1);

        var job = await Database.JobUntilAsync(id, "failed");
        Assert.Matches(@"^Unexpected error; see the log of \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\.$", job.LastError);
    }

    [Fact]
    public async Task Is_ended_when_it_takes_too_long()
    {
        var script = Guid.NewGuid();
        api.Scripted.Scripts[script] = (_, token) => Task.Delay(Timeout.Infinite, token);
        var id = await Database.QueueAsync(script, maxAttempts: 1);

        var job = await Database.JobUntilAsync(id, "failed");
        Assert.Equal("The attempt took longer than 4 s.", job.LastError);
    }

    [Fact]
    public async Task Waits_without_an_attempt_being_counted_when_it_is_put_off()
    {
        var script = Guid.NewGuid();
        var runs = 0;
        api.Scripted.Scripts[script] = (_, _) =>
            ++runs < 12 ? throw new JobPostponedException("Away", TimeSpan.Zero) : Task.CompletedTask;
        var id = await Database.QueueAsync(script);

        var job = await Database.JobUntilAsync(id, "done");
        Assert.Equal(12, api.Scripted.RunsOf(id).Count);
        Assert.Equal(1, job.Attempts);
    }

    [Fact]
    public async Task Queues_an_equivalent_job_once()
    {
        var script = Guid.NewGuid();
        var later = DateTime.UtcNow.AddHours(1);
        var first = await Database.QueueAsync(script, "same", later);
        var second = await Database.QueueAsync(script, "same", later.AddHours(1));

        Assert.Null(await Database.JobAsync(second));
        Assert.Equal(later, (await Database.JobAsync(first))!.RunAt, TimeSpan.FromMilliseconds(1));

        await Database.QueueAsync(script, "same");
        await Database.JobUntilAsync(first, "done");
        Assert.Single(api.Scripted.Runs, run => ScriptedJob.ScriptOf(run) == script);
    }

    [Fact]
    public async Task Waits_while_an_equivalent_job_runs()
    {
        var script = Guid.NewGuid();
        var end = new TaskCompletionSource();
        api.Scripted.Scripts[script] = (_, token) => end.Task.WaitAsync(token);
        var first = await Database.QueueAsync(script, "in turn");
        await Database.JobUntilAsync(first, "running");

        var second = await Database.QueueAsync(script, "in turn");
        var other = await Database.QueueAsync();
        await Database.JobUntilAsync(other, "done");
        Assert.Equal("queued", (await Database.JobAsync(second))!.State);

        end.SetResult();
        await Database.JobUntilAsync(first, "done");
        await Database.JobUntilAsync(second, "done");
    }

    [Fact]
    public async Task Leaves_its_work_to_a_newer_equivalent_job_when_it_fails()
    {
        var script = Guid.NewGuid();
        var end = new TaskCompletionSource();
        var firstRun = true;
        api.Scripted.Scripts[script] = async (_, token) =>
        {
            if (firstRun)
            {
                firstRun = false;
                await end.Task.WaitAsync(token);
                throw new JobException("Too bad");
            }
        };
        var first = await Database.QueueAsync(script, "newer");
        await Database.JobUntilAsync(first, "running");
        var second = await Database.QueueAsync(script, "newer");
        end.SetResult();

        var job = await Database.JobUntilAsync(first, "done");
        Assert.Equal("A newer job for the same was waiting and does this one's work.", job.LastError);
        await Database.JobUntilAsync(second, "done");
        Assert.Equal(
            [first, second],
            api.Scripted.Runs.Where(run => ScriptedJob.ScriptOf(run) == script).Select(run => run.JobId)
        );
    }

    [Fact]
    public async Task Runs_again_when_its_process_is_gone_and_fails_after_its_last_attempt()
    {
        const string lost = """
            UPDATE jobs
            SET state = 'running', attempts = attempts + 1, worker_id = gen_random_uuid(), started_at = now(), lease_ends_at = now() - interval '1 s'
            WHERE id = @id
            """;
        var later = DateTime.UtcNow.AddHours(1);
        var first = await Database.QueueAsync(runAt: later);
        var last = await Database.QueueAsync(runAt: later, maxAttempts: 1);
        await Database.ExecuteAsync(lost, new { id = first });
        await Database.ExecuteAsync(lost, new { id = last });

        var job = await Database.JobUntilAsync(first, "done");
        Assert.Equal(2, job.Attempts);
        job = await Database.JobUntilAsync(last, "failed");
        Assert.Equal("The process that ran it ended, or lost touch with the database.", job.LastError);
    }

    [Fact]
    public async Task Is_not_touched_any_more_by_a_process_that_has_lost_it()
    {
        var script = Guid.NewGuid();
        var cancelled = new TaskCompletionSource();
        api.Scripted.Scripts[script] = async (run, token) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                cancelled.SetResult();
            }
        };
        var id = await Database.QueueAsync(script);
        await Database.JobUntilAsync(id, "running");
        await Database.ExecuteAsync(
            "UPDATE jobs SET worker_id = gen_random_uuid(), lease_ends_at = now() + interval '1 hour' WHERE id = @id",
            new { id }
        );

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var job = await Database.JobAsync(id);
        Assert.Equal("running", job!.State);
        Assert.Equal(1, job.Attempts);
    }

    [Fact]
    public async Task Keeps_its_lease_while_it_runs()
    {
        var script = Guid.NewGuid();
        var end = new TaskCompletionSource();
        api.Scripted.Scripts[script] = (_, token) => end.Task.WaitAsync(token);
        var id = await Database.QueueAsync(script);
        (int Attempts, DateTime? LeaseEndsAt) before = default;

        // An attempt that a slow machine loses counts for nothing: the lease of one and the same attempt has to grow.
        await Eventually.UntilAsync(async () =>
        {
            var rows = await Database.QueryAsync<(int Attempts, DateTime? LeaseEndsAt)>(
                "SELECT attempts, lease_ends_at FROM jobs WHERE id = @id",
                new { id }
            );
            var isExtended = rows[0].Attempts == before.Attempts && rows[0].LeaseEndsAt > before.LeaseEndsAt;
            before = rows[0];
            return isExtended;
        });
        end.SetResult();
        await Database.JobUntilAsync(id, "done");
    }

    [Fact]
    public async Task Is_left_alone_when_this_program_does_not_know_its_kind()
    {
        var unknown = await Database.QueueAsync(kind: "of-another-version");
        var known = await Database.QueueAsync();
        await Database.JobUntilAsync(known, "done");

        Assert.Equal("queued", (await Database.JobAsync(unknown))!.State);
    }

    [Fact]
    public void Backs_off_longer_each_time_up_to_a_bound_and_at_random()
    {
        var settings = new JobSettings();

        Assert.Equal(1, JobRunner.Backoff(settings, 1, 1).TotalSeconds);
        Assert.Equal(4, JobRunner.Backoff(settings, 3, 1).TotalSeconds);
        Assert.Equal(2, JobRunner.Backoff(settings, 3, 0.5).TotalSeconds);
        Assert.Equal(600, JobRunner.Backoff(settings, 11, 1).TotalSeconds);
        Assert.Equal(600, JobRunner.Backoff(settings, int.MaxValue, 1).TotalSeconds);
    }
}
