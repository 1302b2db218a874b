using MarketsApi.Features.PruneJobs;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Features.PruneJobs;

public sealed class PruneJobsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Deletes_finished_jobs_after_a_day_and_failed_jobs_after_a_month()
    {
        var now = DateTime.UtcNow;
        Guid[] remaining =
        [
            await api.AddJobAsync("done", now.AddHours(-23)),
            await api.AddJobAsync("failed", now.AddDays(-29)),
            await api.AddJobAsync("queued", now.AddDays(-90)),
            await api.AddJobAsync("running", now.AddDays(-90)),
        ];
        await api.AddJobAsync("done", now.AddHours(-25));
        await api.AddJobAsync("failed", now.AddDays(-31));
        // More than one statement deletes.
        await api.Database.ExecuteAsync(
            """
            INSERT INTO jobs (id, kind, state, created_at, run_at, finished_at)
            SELECT gen_random_uuid(), 'prune-jobs', 'done', '2020-01-01', '2020-01-01', '2020-01-01' FROM generate_series(1, 4500)
            """
        );

        var job = api.Host.Services.GetServices<IJob>().OfType<PruneJobsJob>().Single();
        await job.RunAsync(new JobRun(Guid.NewGuid(), null, 1), CancellationToken.None);

        Assert.Equal(remaining.Order(), (await api.Database.QueryAsync<Guid>("SELECT id FROM jobs")).Order());
    }
}
