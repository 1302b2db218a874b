using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Infrastructure.RateLimiting;
using StackExchange.Redis;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.RateLimiting;

/// <summary>The window's two promises, in memory and in Redis: never more than the limit in any window, and hardly ever less.</summary>
public sealed class SlidingWindowTests : IDisposable
{
    private const long Second = 1_000_000;
    private const long Start = 1_790_000_000 * Second;

    private readonly Lazy<ConnectionMultiplexer> _redis = new(Connect);

    public static TheoryData<string> Places => ["memory", "redis"];

    public void Dispose()
    {
        if (_redis.IsValueCreated)
        {
            _redis.Value.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void No_window_ever_has_more_than_the_limit_and_no_request_is_rejected_without_need(string place)
    {
        var steps =
            from limit in Gen.Choose(1, 12)
            from seconds in Gen.Choose(1, 60)
            // Bursts, steady trickles and long silences, in thousandths of the window.
            from gaps in Gen.Frequency(
                    (4, Gen.Constant(0)),
                    (4, Gen.Choose(0, 30)),
                    (3, Gen.Choose(0, 400)),
                    (1, Gen.Choose(900, 1_200))
                )
                .ListOf()
            from costs in Gen.Choose(1, 3).ListOf(gaps.Count)
            from isGivenBack in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true))).ListOf(gaps.Count)
            select (limit, seconds, Steps: gaps.Zip(costs, isGivenBack).ToList());

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(place == "memory" ? 2_000 : 80).WithEndSize(120),
            Prop.ForAll(steps.ToArbitrary(), run => Holds(place, run.limit, run.seconds, run.Steps))
        );
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_steady_caller_gets_nearly_all_of_the_limit(string place)
    {
        foreach (var milliseconds in (int[])[600, 500, 70])
        {
            var window = New(place, 100, 60);
            var asked = 600_000 / milliseconds;

            var got = Enumerable
                .Range(0, asked)
                .Count(i => window.Charge(Start + i * milliseconds * (Second / 1000), 1).IsPermitted);

            // Ten windows, and no window's limit is asked for more often than 100 times.
            Assert.True(got >= 990 && got <= 1_100, $"{got} of {asked}, one each {milliseconds} ms");
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void However_large_the_limit_the_window_stays_small(string place)
    {
        var window = New(place, RateLimitSettings.MostPermits, 60);
        var random = new Random(1);
        var time = Start;
        for (var request = 0; request < 3_000; request++)
        {
            Assert.True(window.Charge(time += random.Next(200_000), 1).IsPermitted);
        }

        Assert.InRange(window.Bytes, 8, 8 * (int)BitOperations.RoundUpToPowerOf2(RateLimitPolicy.Buckets + 1));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Rejected_requests_take_no_room_and_prolong_nothing(string place)
    {
        var window = New(place, 1, 60);
        Assert.True(window.Charge(Start, 1).IsPermitted);
        var bytes = window.Bytes;

        for (var second = 1; second < 60; second++)
        {
            Assert.False(window.Charge(Start + second * Second, 1).IsPermitted);
        }

        Assert.Equal(bytes, window.Bytes);
        Assert.True(window.Charge(Start + 61 * Second, 1).IsPermitted);
    }

    private bool Holds(string place, int limit, int seconds, List<(int Gap, int Cost, bool IsGivenBack)> steps)
    {
        var window = New(place, limit, seconds);
        var length = seconds * Second;
        var longest = length + length / RateLimitPolicy.Buckets + 200;
        var given = new List<(long Time, int Cost)>();
        var done = new List<Action<IWindow>>();
        Action<IWindow>? passesLater = null;
        var time = Start;
        foreach (var (gap, cost, isGivenBack) in steps)
        {
            time += gap * length / 1_000;
            var wanted = Math.Min(cost, limit);

            var state = window.Charge(time, wanted);

            var surely = Within(time, length);
            var perhaps = Within(time, longest);
            if (state.IsPermitted)
            {
                Assert.True(surely + wanted <= limit, $"{surely} + {wanted} within the window, of {limit}");
                given.Add((time, wanted));
                Assert.InRange(state.Remaining, limit - perhaps - wanted, limit - surely - wanted);
            }
            else
            {
                Assert.True(perhaps + wanted > limit, $"rejected with {perhaps} of {limit} in use");
                Assert.InRange(state.WaitSeconds, 1, seconds + 1);
                passesLater = Replay([.. done], time + state.WaitSeconds * Second, wanted);
            }

            var at = time;
            done.Add(again => again.Charge(at, wanted));
            if (isGivenBack && state.IsPermitted)
            {
                window.GiveBack(time, wanted, state.Bucket);
                given.RemoveAt(given.Count - 1);
                done.Add(again => again.GiveBack(at, wanted, state.Bucket));
            }
        }

        passesLater?.Invoke(New(place, limit, seconds));
        return true;

        int Within(long end, long span) => given.Where(one => one.Time > end - span).Sum(one => one.Cost);
    }

    /// <summary>Repeats the requests, and then the rejected one after the wait that it was given.</summary>
    private static Action<IWindow> Replay(List<Action<IWindow>> done, long later, int cost) =>
        again =>
        {
            done.ForEach(step => step(again));
            Assert.True(again.Charge(later, cost).IsPermitted, "rejected after the wait that it was given");
        };

    private IWindow New(string place, int limit, int seconds)
    {
        var policy = new RateLimitPolicy(0, "test", limit, seconds);
        return place == "memory" ? new MemoryWindow(policy) : new RedisWindow(_redis.Value.GetDatabase(), policy);
    }

    private static ConnectionMultiplexer Connect()
    {
        var address = Environment.GetEnvironmentVariable("TEST_REDIS");
        Assert.SkipWhen(
            string.IsNullOrEmpty(address),
            "TEST_REDIS is not set: ./test starts a Redis where redis-server is installed."
        );
        var options = ConfigurationOptions.Parse(address);
        options.SyncTimeout = 30_000; // a busy machine isn't an error
        return ConnectionMultiplexer.Connect(options);
    }
}
