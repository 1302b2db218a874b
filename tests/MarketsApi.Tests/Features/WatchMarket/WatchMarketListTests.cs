using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.WatchMarket;

/// <summary>What a watch does to the watch list.</summary>
public sealed class WatchMarketListTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Needs_no_body()
    {
        var user = User.New();
        var market = await api.CreateMarketAsync();
        await api.AddWatchAsync(user, market.Id(), DateTime.UtcNow, "Buy");

        var response = await api.SendBytesAsync("PUT", $"/api/markets/{market.Id()}/watch", [], null, user.Token);

        Assert.Null(response.Data(200).Text("note"));
        Assert.Equal([market.Id()], await api.WatchedByAsync(user));
    }

    [Theory]
    [InlineData("text/plain", "{}", 415)]
    [InlineData("application/json", "{\"notes\": null}", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", "null", 400)]
    public async Task Rejects_a_body_without_a_valid_note(string type, string body, int status)
    {
        var market = await api.CreateMarketAsync();

        var response = await api.SendBytesAsync(
            "PUT",
            $"/api/markets/{market.Id()}/watch",
            System.Text.Encoding.UTF8.GetBytes(body),
            type
        );

        Assert.Equal(status, response.Status);
        response.ShouldBeWellFormedProblem();
    }

    [Fact]
    public async Task Concurrent_requests_of_a_new_user_make_one_watch()
    {
        var user = User.New();
        var market = await api.CreateMarketAsync();

        var responses = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(n =>
                    api.SendAsync("PUT", $"/api/markets/{market.Id()}/watch", $$"""{"note":"{{n}}"}""", user.Token)
                )
        );

        Assert.All(responses, response => Assert.Equal(200, response.Status));
        Assert.Single(responses.Select(response => response.Data(200).Text("watchedAt")).Distinct());
        Assert.Equal([market.Id()], await api.WatchedByAsync(user));
    }

    [Fact]
    public async Task Does_not_keep_a_market_from_being_deleted_and_goes_with_it()
    {
        for (var round = 0; round < 8; round++)
        {
            var user = User.New();
            var market = await api.CreateMarketAsync();

            var watching = api.SendAsync("PUT", $"/api/markets/{market.Id()}/watch", "{}", user.Token);
            var deleting = api.DeleteMarketAsync(market.Id());

            Assert.Equal(204, (await deleting).Status());
            Assert.Contains((await watching).Status, new[] { 200, 404 });
            Assert.Empty(await api.WatchedByAsync(user));
        }
    }
}
