using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.RetryJob;

public sealed class RetryJobTests(JobsFixture api) : IClassFixture<JobsFixture>
{
    [Fact]
    public async Task A_job_that_has_failed_runs_again_with_all_its_attempts()
    {
        var market = Guid.NewGuid();
        api.Scripted.Scripts[market] = (_, _) => throw new JobException("Too bad");
        var id = await api.Database.QueueAsync(market, "again", maxAttempts: 2);
        await api.Database.JobUntilAsync(id, "failed");
        var failed = await api.SendAsync("GET", $"/api/jobs/{id}", "", api.Admin.Token);
        Assert.Equal("Too bad", failed.Data(200).Text("lastError"));

        api.Scripted.Scripts[market] = (run, _) =>
            run.Attempt == 1 ? throw new JobException("Not yet") : Task.CompletedTask;
        var answer = await api.SendAsync("POST", $"/api/jobs/{id}/retry", "", api.Admin.Token);

        Assert.Equal(202, answer.Status);
        Assert.Equal($$$"""{"success":true,"message":"Job queued","data":{"jobId":"{{{id}}}"}}""", answer.Text);
        Assert.Equal($"/api/jobs/{id}", answer.Header("Location"));
        var job = await api.Database.JobUntilAsync(id, "done");
        Assert.Equal(2, job.Attempts);
        Assert.Null(job.LastError);
        Assert.Equal([1, 2, 1, 2], api.Scripted.RunsOf(id).Select(run => run.Attempt));
    }

    [Fact]
    public async Task A_job_for_the_same_that_waits_does_the_work_of_both()
    {
        var failed = await api.AddJobAsync("failed", DateTime.UtcNow, "scripted", key: "both");
        var waiting = await api.Database.QueueAsync(key: "both", runAt: DateTime.UtcNow.AddHours(1));

        var answer = await api.SendAsync("POST", $"/api/jobs/{failed}/retry", "", api.Admin.Token);

        Assert.Equal(waiting, answer.Data(202).GetProperty("jobId").GetGuid());
        await api.Database.JobUntilAsync(waiting, "done");
        Assert.Null(await api.Database.JobAsync(failed));
    }

    [Theory]
    [InlineData("queued", "The job is queued and will run automatically; wait for it")]
    [InlineData("running", "The job is running; wait for it to end")]
    [InlineData("done", "The job is done; queue a new one instead, for example by indexing the market")]
    public async Task Refuses_a_job_that_has_not_failed(string state, string error)
    {
        var id = await api.AddJobAsync(state, DateTime.UtcNow.AddHours(1), "scripted");

        var answer = await api.SendAsync("POST", $"/api/jobs/{id}/retry", "", api.Admin.Token);
        answer.ShouldBeProblem(409, error);
        Assert.Equal(state, (await api.Database.JobAsync(id))!.State);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001")]
    [InlineData("x")]
    public async Task Is_not_there_when_it_isn_t(string id)
    {
        var answer = await api.SendAsync("POST", $"/api/jobs/{id}/retry", "", api.Admin.Token);
        answer.ShouldBeProblem(404, "Job not found");
    }
}
