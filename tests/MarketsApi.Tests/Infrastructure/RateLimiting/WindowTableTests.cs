using System.Diagnostics;
using System.Net;
using MarketsApi.Infrastructure.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.RateLimiting;

/// <summary>Any number of callers, and a table of a fixed size.</summary>
public sealed class WindowTableTests : IDisposable
{
    private static readonly RateLimitPolicy Policy = new(0, "default", 100, 60);

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddMetrics()
        .AddSingleton<RateLimitMetrics>()
        .BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_million_callers_take_no_more_memory_than_there_is_room_for_and_are_all_let_in()
    {
        var windows = New(50_000);
        var now = Stopwatch.GetTimestamp();

        for (var caller = 0; caller < 1_000_000; caller++)
        {
            Assert.Equal((true, 99), Remaining(windows.Charge(Caller(caller), Policy, 1, now)));
        }

        Assert.Equal(50_000, windows.Count);
        Assert.Equal(50_000 * 16, windows.Bytes);
    }

    [Fact]
    public void Ten_thousand_callers_are_all_counted_exactly_where_there_is_room()
    {
        var windows = New(100_000);
        var now = Stopwatch.GetTimestamp();

        for (var request = 1; request <= 3; request++)
        {
            for (var caller = 0; caller < 10_000; caller++)
            {
                Assert.Equal((true, 100 - request), Remaining(windows.Charge(Caller(caller), Policy, 1, now)));
            }
        }

        Assert.Equal(10_000, windows.Count);
    }

    [Fact]
    public void Callers_at_their_limit_are_not_forgotten_for_new_ones()
    {
        var windows = New(1_000);
        var now = Stopwatch.GetTimestamp();
        var busy = Enumerable.Range(1, 50).Select(i => Caller(-i)).ToList();
        foreach (var caller in busy)
        {
            Assert.True(windows.Charge(caller, Policy, 100, now).IsPermitted);
        }

        for (var caller = 0; caller < 100_000; caller++)
        {
            windows.Charge(Caller(caller), Policy, 1, now);
        }

        Assert.All(busy, caller => Assert.False(windows.Charge(caller, Policy, 1, now).IsPermitted));
    }

    [Fact]
    public void Windows_that_have_ended_make_room_first()
    {
        var windows = New(1_000);
        var now = Stopwatch.GetTimestamp();
        for (var caller = 0; caller < 100_000; caller++)
        {
            windows.Charge(Caller(caller), Policy, 100, now);
        }

        var later = now + 61 * Stopwatch.Frequency;
        windows.Charge(Caller(-1), Policy, 1, later);
        for (var caller = 100_000; caller < 100_200; caller++)
        {
            windows.Charge(Caller(caller), Policy, 1, later);
        }

        Assert.Equal((true, 98), Remaining(windows.Charge(Caller(-1), Policy, 1, later)));
    }

    [Fact]
    public async Task Requests_at_the_same_time_are_counted_one_by_one()
    {
        var windows = New(1_000);

        var permitted = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(() =>
                        Enumerable
                            .Range(0, 20_000)
                            .Count(i => windows.Charge(Caller(i % 50), Policy, 1, Stopwatch.GetTimestamp()).IsPermitted)
                    )
                )
        );

        Assert.Equal(50 * 100, permitted.Sum());
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "0.0.0.0", false)]
    [InlineData("::", "::1", true)]
    public void An_address_counts_alone_and_IPv6_by_its_first_64_bits(string one, string other, bool areTheSame) =>
        Assert.Equal(
            areTheSame,
            RateLimitCaller.Of(IPAddress.Parse(one)) == RateLimitCaller.Of(IPAddress.Parse(other))
        );

    [Fact]
    public void A_user_is_never_an_address()
    {
        var address = RateLimitCaller.Of(IPAddress.Parse("2001:db8::"));

        var user = RateLimitCaller.Of(new Guid("20010db8-0000-0000-0000-000000000000"));

        Assert.NotEqual(address, user);
        Assert.Equal("u20010db8000000000000000000000000", user.ToString());
        Assert.Equal("a20010db8000000000000000000000000", address.ToString());
    }

    private static RateLimitCaller Caller(int number) => new(0, (ulong)number, true);

    private static (bool, int) Remaining(WindowState state) => (state.IsPermitted, state.Remaining);

    private WindowTable New(int callers) =>
        new(new RateLimitSettings { MaxCallers = callers }, _services.GetRequiredService<RateLimitMetrics>());
}
