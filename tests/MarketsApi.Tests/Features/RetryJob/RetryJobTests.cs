using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.RetryJob;

public sealed class RetryJobTests(JobsFixture api) : IClassFixture<JobsFixture>
{
    [Fact]
    public async Task A_failed_job_runs_again_with_all_its_attempts()
    {
        var market = Guid.NewGuid();
        api.Scripted.Scripts[market] = (_, _) => throw new JobException("Too bad");
        var id = await api.Database.QueueAsync(market, "again", maxAttempts: 2);
        await api.Database.JobUntilAsync(id, "failed");
        var failed = await api.SendAsync("GET", $"/api/jobs/{id}", "", api.Admin.Token);
        Assert.Equal("Too bad", failed.Data(200).Text("lastError"));

        api.Scripted.Scripts[market] = (run, _) =>
            run.Attempt == 1 ? throw new JobException("Not yet") : Task.CompletedTask;
        var response = await api.SendAsync("POST", $"/api/jobs/{id}/retry", "", api.Admin.Token);

        Assert.Equal(202, response.Status);
        Assert.Equal($$$"""{"success":true,"message":"Job queued","data":{"jobId":"{{{id}}}"}}""", response.Text);
        Assert.Equal($"/api/jobs/{id}", response.Header("Location"));
        var job = await api.Database.JobUntilAsync(id, "done");
        Assert.Equal(2, job.Attempts);
        Assert.Null(job.LastError);
        Assert.Equal([1, 2, 1, 2], api.Scripted.RunsOf(id).Select(run => run.Attempt));
    }

    [Fact]
    public async Task An_equivalent_queued_job_replaces_the_failed_one()
    {
        var failed = await api.AddJobAsync("failed", DateTime.UtcNow, "scripted", key: "both");
        var waiting = await api.Database.QueueAsync(key: "both", runAt: DateTime.UtcNow.AddHours(1));

        var response = await api.SendAsync("POST", $"/api/jobs/{failed}/retry", "", api.Admin.Token);

        Assert.Equal(waiting, response.Data(202).GetProperty("jobId").GetGuid());
        await api.Database.JobUntilAsync(waiting, "done");
        Assert.Null(await api.Database.JobAsync(failed));
    }

    [Theory]
    [InlineData("queued", "The job is queued and will run automatically; wait for it")]
    [InlineData("running", "The job is running; wait for it to end")]
    [InlineData("done", "The job is done; queue a new one instead, for example by indexing the market")]
    public async Task Rejects_a_job_that_has_not_failed(string state, string error)
    {
        var id = await api.AddJobAsync(state, DateTime.UtcNow.AddHours(1), "scripted");

        var response = await api.SendAsync("POST", $"/api/jobs/{id}/retry", "", api.Admin.Token);
        response.ShouldBeProblem(409, error);
        Assert.Equal(state, (await api.Database.JobAsync(id))!.State);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001")]
    [InlineData("x")]
    public async Task Returns_404_for_an_unknown_job(string id)
    {
        var response = await api.SendAsync("POST", $"/api/jobs/{id}/retry", "", api.Admin.Token);
        response.ShouldBeProblem(404, "Job not found");
    }
}
