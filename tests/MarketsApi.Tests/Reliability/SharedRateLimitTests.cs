using System.Diagnostics;
using System.Net;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Three instances share their counts while Redis runs, and each counts alone while it doesn't.</summary>
[Collection(typeof(Alone))]
public sealed class SharedRateLimitTests
{
    private const string Shared = "Rate limits are shared through Redis";
    private const string Alone = "This instance counts rate limits alone for now";

    [Fact]
    public async Task A_burst_over_three_instances_gets_the_limit_through_and_a_dead_Redis_costs_no_status()
    {
        await using var redis = await RedisServer.StartAsync();
        // On a busy machine a process may be slower than Redis ever is; that is not what this is about.
        await using var fleet = await Fleet.StartAsync(
            3,
            redis,
            ("RateLimiting__Enabled", "true"),
            ("RateLimiting__RedisTimeoutMilliseconds", "5000")
        );
        await UntilAllSayAsync(fleet, Shared, 1);

        var together = await BurstAsync(fleet, User.New(), 300);
        Assert.True(Passed(together) is >= 99 and <= 101, $"{Passed(together)} passed\n{fleet.Everything}");
        Assert.All(together, response => Assert.Contains(response.Status, (int[])[200, 429]));

        // Only the limiter's script asks for the time; the cache's beats run scripts, too.
        var callsBefore = await redis.CountCallsAsync("time");
        Assert.Equal(30, Passed(await BurstAsync(fleet, User.New(), 30)));
        Assert.Equal(30, await redis.CountCallsAsync("time") - callsBefore);

        var killed = await BurstAsync(fleet, User.New(), 600, at: 60, redis.KillAsync);
        Assert.All(killed, response => Assert.Contains(response.Status, (int[])[200, 429]));
        foreach (var instance in killed.GroupBy(response => response.Instance))
        {
            Assert.InRange(Passed(instance), 1, 100);
        }

        var alone = await BurstAsync(fleet, User.New(), 600);
        Assert.All(alone.GroupBy(response => response.Instance), instance => Assert.Equal(100, Passed(instance)));

        await redis.RestartAsync();
        await UntilAllSayAsync(fleet, Shared, 2);
        Assert.Equal(100, Passed(await BurstAsync(fleet, User.New(), 300)));
        foreach (var instance in fleet.Instances)
        {
            Assert.Equal((2, 1), (Times(instance, Shared), Times(instance, Alone)));
        }
    }

    [Fact]
    public async Task A_frozen_Redis_costs_no_status_and_little_time_and_what_is_free_stays_free_with_one()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(2, redis, ("RateLimiting__Enabled", "true"));
        await UntilAllSayAsync(fleet, Shared, 1);
        var (user, path) = (User.New(), $"/api/markets/{await fleet.CreateMarketAsync()}");
        using var tagged = await SendAsync(fleet.Instances[0], user, path, null);
        // Only what comes from memory is free, so the other instance is to have it there, too.
        using var other = await SendAsync(fleet.Instances[1], user, path, null);
        for (var request = 0; request < 120; request++)
        {
            using var response = await SendAsync(
                fleet.Instances[request % 2],
                user,
                path,
                tagged.Headers.ETag!.ToString()
            );
            Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
        }

        // Permits are given back without waiting for it.
        await Task.Delay(200);
        using var last = await SendAsync(fleet.Instances[1], user, path, null);
        Assert.StartsWith("\"default\";r=97;", last.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);

        await redis.FreezeAsync();
        var started = Stopwatch.GetTimestamp();
        var frozen = await BurstAsync(fleet, User.New(), 300);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await redis.ThawAsync();

        Assert.All(frozen, response => Assert.Contains(response.Status, (int[])[200, 429]));
        Assert.All(frozen.GroupBy(response => response.Instance), instance => Assert.Equal(100, Passed(instance)));
        Assert.True(elapsed < TimeSpan.FromSeconds(20), $"300 requests took {elapsed}");
    }

    /// <summary>Sends so many requests of one caller, 24 at a time, to each instance in turn; after some of them something happens.</summary>
    private static async Task<List<(int Instance, int Status)>> BurstAsync(
        Fleet fleet,
        User user,
        int requests,
        int at = -1,
        Func<Task>? what = null
    )
    {
        var responses = new List<(int, int)>();
        var event_ = Task.CompletedTask;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests),
            new ParallelOptions { MaxDegreeOfParallelism = 24 },
            async (request, _) =>
            {
                if (request == at)
                {
                    event_ = what!();
                }

                var instance = request % fleet.Instances.Count;
                using var response = await SendAsync(fleet.Instances[instance], user, "/api/markets?limit=1", null);
                lock (responses)
                {
                    responses.Add((instance, (int)response.StatusCode));
                }
            }
        );
        await event_;
        return responses;
    }

    private static async Task<HttpResponseMessage> SendAsync(IInstance instance, User user, string path, string? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", user.Token);
        if (tag is not null)
        {
            request.Headers.Add("If-None-Match", tag);
        }

        return await instance.Client.SendAsync(request);
    }

    private static int Passed(IEnumerable<(int Instance, int Status)> responses) =>
        responses.Count(response => response.Status == 200);

    private static async Task UntilAllSayAsync(Fleet fleet, string line, int times)
    {
        var started = Stopwatch.GetTimestamp();
        while (fleet.Instances.Any(instance => Times(instance, line) < times))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), fleet.Everything);
            await Task.Delay(20);
        }
    }

    private static int Times(IInstance instance, string line) => instance.Everything.Split(line).Length - 1;
}
