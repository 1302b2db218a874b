using Xunit;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>A program that stops lets its jobs end, and gives back the rest at once.</summary>
public sealed class JobStopTests
{
    [Fact]
    public async Task Lets_jobs_end_and_gives_back_the_rest()
    {
        var api = new StoppingFixture();
        await api.InitializeAsync();
        try
        {
            var quick = Guid.NewGuid();
            var slow = Guid.NewGuid();
            var isStopping = new TaskCompletionSource();
            api.Scripted.Scripts[quick] = async (_, _) =>
            {
                await isStopping.Task;
                await Task.Delay(100, CancellationToken.None);
            };
            api.Scripted.Scripts[slow] = (_, token) => Task.Delay(Timeout.Infinite, token);
            var ending = await api.Database.QueueAsync(quick);
            var running = await api.Database.QueueAsync(slow);
            await api.Database.JobUntilAsync(ending, "running");
            await api.Database.JobUntilAsync(running, "running");
            // Claimed behind them, or not at all.
            var waiting = new[] { await api.Database.QueueAsync(slow), await api.Database.QueueAsync(slow) };
            api.Queue.Wake();

            var stop = api.Host.DisposeAsync();
            isStopping.SetResult();
            await stop;

            Assert.Equal("done", (await api.Database.JobAsync(ending))!.State);
            foreach (var id in (Guid[])[running, .. waiting])
            {
                var job = await api.Database.JobAsync(id);
                Assert.Equal(("queued", 0), (job!.State, job.Attempts));
                Assert.True(job.RunAt <= DateTime.UtcNow, $"{job}");
            }
        }
        finally
        {
            await api.DisposeAsync();
        }
    }

    /// <summary>One that has little time.</summary>
    private sealed class StoppingFixture : JobsFixture
    {
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(base.Settings)
            {
                ["Jobs:StopSeconds"] = "1",
                ["Jobs:Concurrency"] = "2",
                ["Jobs:LeaseSeconds"] = "60",
                ["Jobs:TimeoutSeconds"] = "60",
            };
    }
}
