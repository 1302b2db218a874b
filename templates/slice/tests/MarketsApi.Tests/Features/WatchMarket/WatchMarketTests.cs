using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.WatchMarket;

public sealed class WatchMarketTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Returns_the_market_and_the_note()
    {
        var market = await api.CreateMarketAsync();

        var data = (await SendAsync($"{market.Id()}", "  Sell in May ")).Data(200);

        Assert.Equal(market.Id(), data.GetProperty("marketId").GetGuid());
        Assert.Equal("Sell in May", data.Text("note"));
        Assert.Equal(DateTime.UtcNow, data.GetProperty("savedAt").GetDateTime(), TimeSpan.FromMinutes(1));
    }

#if (isWrite)
    [Fact]
    public async Task Takes_a_new_note_and_leaves_the_time_when_it_is_sent_again()
    {
        var market = await api.CreateMarketAsync();
        var first = (await SendAsync($"{market.Id()}", "Buy")).Data(200);

        var second = (await SendAsync($"{market.Id()}", "Sell")).Data(200);

        Assert.Equal("Sell", second.Text("note"));
        Assert.Equal(first.Text("savedAt"), second.Text("savedAt"));
    }
#endif

    [Theory]
    [InlineData("")]
    [InlineData("a\u0007b")]
    [InlineData("a\u2028b")]
    [InlineData(null)]
    public async Task Rejects_an_invalid_note(string? note)
    {
        var market = await api.CreateMarketAsync();

        var response = await SendAsync($"{market.Id()}", note ?? new string('x', 201));

        response.ShouldBeProblem(400, "Validation failed", "note");
    }

    [Fact]
    public async Task Returns_404_for_an_unknown_market()
    {
        var draft = await api.CreateMarketAsync(api.Bob, ApiFixture.NewMarket(status: "draft"));

        foreach (var id in new[] { $"{draft.Id()}", $"{Guid.NewGuid()}", "x" })
        {
            (await SendAsync(id, "Buy")).ShouldBeProblem(404, "Market not found");
        }

        Assert.Equal(200, (await SendAsync($"{draft.Id()}", "Buy", api.Bob)).Status);
    }

    /// <summary>Sends the request, as Alice unless another user is given.</summary>
    private Task<RawResponse> SendAsync(string id, string note, User? user = null) =>
#if (isRead)
        api.SendBytesAsync(
            "PUT",
            $"/api/markets/{id}/watch?note={Uri.EscapeDataString(note)}",
            [],
            null,
            (user ?? api.Alice).Token
        );
#else
        api.SendAsync(
            "PUT",
            $"/api/markets/{id}/watch",
            System.Text.Json.JsonSerializer.Serialize(new { note }),
            (user ?? api.Alice).Token
        );
#endif
}
