using System.Collections.Concurrent;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>Jobs of a kind that is done together.</summary>
public sealed class BatchJobTests : IClassFixture<JobsFixture>
{
    private readonly JobsFixture _api;
    private readonly Guid _script = Guid.NewGuid();
    private readonly ConcurrentQueue<string[]> _runs = [];

    public BatchJobTests(JobsFixture api)
    {
        _api = api;
        Script = (_, _) => Task.CompletedTask;
        api.Batched.Scripts[_script] = (runs, token) =>
        {
            var keys = runs.Select(run => run.Key!.Split('/')[1]).ToArray();
            _runs.Enqueue(keys);
            return Script(keys, token);
        };
    }

    private Func<string[], CancellationToken, Task> Script { get; set; }

    [Fact]
    public async Task Those_that_wait_are_done_together()
    {
        var keys = await QueueAsync("a", "b", "c", "d", "e");
        await EndAsync("done", keys);

        Assert.Equal(keys, Assert.Single(_runs).Order());
    }

    [Fact]
    public async Task One_that_fails_does_not_fail_the_others()
    {
        Script = (keys, _) => keys.Contains("bad") ? throw new JobException("Bad.") : Task.CompletedTask;
        await QueueAsync("good", "bad", "fine");
        await EndAsync("done", "good", "fine");
        var bad = Assert.Single(await EndAsync("failed", "bad"));

        Assert.Equal("Bad.", bad.LastError);
        Assert.Equal([3, 1, 1, 1], _runs.Select(run => run.Length));
    }

    [Fact]
    public async Task All_wait_when_they_are_postponed_together()
    {
        Script = (_, _) => _runs.Count < 3 ? throw new JobPostponedException("Away.", default) : Task.CompletedTask;
        await QueueAsync("one", "two");
        var ended = await EndAsync("done", "one", "two");

        Assert.All(ended, job => Assert.Equal(1, job.Attempts));
        Assert.Equal([2, 2, 2], _runs.Select(run => run.Length));
    }

    [Fact]
    public async Task One_that_takes_too_long_leaves_the_others_their_time()
    {
        Script = (keys, token) => keys.Contains("slow") ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        await QueueAsync("one", "slow", "two");
        await EndAsync("done", "one", "two");
        var slow = Assert.Single(await EndAsync("failed", "slow"));

        Assert.Equal("The attempt took longer than 4 s.", slow.LastError);
    }

    private async Task<string[]> QueueAsync(params string[] keys)
    {
        var now = DateTime.UtcNow;
        await _api.Database.ExecuteAsync(
            """
            INSERT INTO jobs (id, kind, deduplication_key, created_at, run_at, max_attempts)
            SELECT gen_random_uuid(), @kind, key, @now, @now, 1
            FROM unnest(@keys) key
            """,
            new
            {
                kind = ScriptedBatchJob.Name,
                keys = keys.Select(KeyOf).ToArray(),
                now,
            }
        );
        _api.Queue.Wake();
        return keys;
    }

    private async Task<IReadOnlyList<JobRow>> EndAsync(string state, params string[] keys)
    {
        IReadOnlyList<JobRow> jobs = [];
        await Eventually.UntilAsync(async () =>
            (
                jobs = await _api.Database.QueryAsync<JobRow>(
                    "SELECT * FROM jobs WHERE deduplication_key = ANY(@keys) AND state = @state",
                    new { keys = keys.Select(KeyOf).ToArray(), state }
                )
            ).Count == keys.Length
        );
        return jobs;
    }

    private string KeyOf(string key) => $"{_script}/{key}";
}
