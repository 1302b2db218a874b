using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.UnwatchMarket;

public sealed class UnwatchMarketTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Ends_only_the_caller_s_own_watch_and_can_be_sent_again()
    {
        var (user, other) = (User.New(), User.New());
        var (market, another) = (await api.CreateMarketAsync(), await api.CreateMarketAsync());
        await api.AddWatchAsync(user, market.Id(), DateTime.UtcNow);
        await api.AddWatchAsync(user, another.Id(), DateTime.UtcNow);
        await api.AddWatchAsync(other, market.Id(), DateTime.UtcNow);

        for (var times = 0; times < 2; times++)
        {
            var response = await SendAsync($"{market.Id()}", user);
            Assert.Equal((204, ""), (response.Status, response.Text));
        }

        Assert.Equal([another.Id()], await api.WatchedByAsync(user));
        Assert.Equal([market.Id()], await api.WatchedByAsync(other));
    }

    [Fact]
    public async Task Returns_404_for_an_unknown_market()
    {
        var draft = await api.CreateMarketAsync(api.Bob, ApiFixture.NewMarket(status: "draft"));

        foreach (var id in new[] { $"{draft.Id()}", $"{Guid.NewGuid()}", "x" })
        {
            (await SendAsync(id, api.Alice)).ShouldBeProblem(404, "Market not found");
        }

        Assert.Equal(204, (await SendAsync($"{draft.Id()}", api.Bob)).Status);
    }

    private Task<RawResponse> SendAsync(string id, User user) =>
        api.SendBytesAsync("DELETE", $"/api/markets/{id}/watch", [], null, user.Token);
}
