using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListWatchedMarkets;

public sealed class ListWatchedMarketsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Shows_the_pool_and_the_probability_of_each()
    {
        var market = await api.CreateMarketAsync(
            body: new
            {
                name = "Will it be watched?",
                endsAt = "2099-01-01T00:00:00Z",
                initialPosition = new { outcome = "no", stake = 2.5 },
            }
        );
        await api.AddWatchAsync(api.Bob, market.Id(), DateTime.UtcNow);

        var watched = await api.SendAsync("GET", "/api/me/watched-markets", "", api.Bob.Token);

        var item = watched.Data(200).EnumerateArray().First(each => each.Id() == market.Id());
        Assert.Equal("""{"yes":0.00,"no":2.50}""", item.GetProperty("pool").GetRawText());
        Assert.Equal("0.0000", item.GetProperty("probability").GetRawText());
    }

    [Fact]
    public async Task Pages_through_all_of_the_caller_s_own_newest_first_while_more_are_watched()
    {
        var user = User.New();
        var start = DateTime.UtcNow.AddDays(-1);
        var watched = new List<Guid>();
        foreach (var id in await api.InsertMarketsAsync(12))
        {
            watched.Insert(0, id);
            await api.AddWatchAsync(user, id, start.AddMinutes(watched.Count));
            await api.AddWatchAsync(api.Bob, id, start.AddMinutes(-watched.Count));
        }

        var found = new List<Guid>();
        string? cursor = null;
        var pages = 0;
        do
        {
            var response = await SendAsync(user, cursor is null ? "?limit=5" : $"?limit=5&cursor={cursor}");
            found.AddRange(response.Data(200).EnumerateArray().Select(item => item.Id()));
            cursor = response.Json.GetProperty("meta").Text("nextCursor");
            Assert.Equal(
                cursor is null ? "" : $"</api/me/watched-markets?limit=5&cursor={cursor}>; rel=\"next\"",
                response.Header("Link")
            );
            await api.AddWatchAsync(user, await api.InsertMarketAsync(), start.AddDays(1).AddMinutes(pages));
            pages++;
        } while (cursor is not null);

        Assert.Equal(3, pages);
        Assert.Equal(watched, found);
    }

    [Fact]
    public async Task Shows_markets_in_list_form_with_the_note_and_the_time()
    {
        var user = User.New();
        var market = await api.CreateMarketAsync(body: ApiFixture.NewMarket(category: "weather"));
        await api.AddWatchAsync(user, market.Id(), new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "Buy");

        var response = await SendAsync(user);

        var item = Assert.Single(response.Data(200).EnumerateArray());
        Assert.Equal(
            [
                .. market
                    .EnumerateObject()
                    .Where(member => member.Name != "description")
                    .Select(member => $"{member.Name}: {member.Value}"),
                "note: Buy",
                "watchedAt: 2026-01-02T03:04:05Z",
            ],
            item.EnumerateObject().Select(member => $"{member.Name}: {member.Value}")
        );
        Assert.Equal(
            """{"limit":20,"hasMore":false,"nextCursor":null}""",
            response.Json.GetProperty("meta").GetRawText()
        );
    }

    [Fact]
    public async Task Leaves_out_what_was_deleted_and_what_the_caller_may_not_see()
    {
        var (user, moderator) = (User.New(), User.New("moderator"));
        var own = await api.InsertMarketAsync(user, "draft", endsAt: DateTime.UtcNow.AddDays(1));
        var others = await api.InsertMarketAsync(api.Bob, "draft", endsAt: DateTime.UtcNow.AddDays(1));
        var deleted = await api.InsertMarketAsync();
        foreach (var (id, minutes) in new[] { (own, 3), (others, 2), (deleted, 1) })
        {
            await api.AddWatchAsync(user, id, DateTime.UtcNow.AddMinutes(-minutes));
            await api.AddWatchAsync(moderator, id, DateTime.UtcNow.AddMinutes(-minutes));
        }

        Assert.Equal(204, (await api.DeleteMarketAsync(deleted)).Status());

        Assert.Equal([own], (await SendAsync(user)).Data(200).EnumerateArray().Select(item => item.Id()));
        Assert.Equal([others, own], (await SendAsync(moderator)).Data(200).EnumerateArray().Select(item => item.Id()));
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?cursor=abc", "cursor")]
    [InlineData("?offset=1", "offset")]
    public async Task Rejects_an_invalid_page(string query, string field) =>
        (await SendAsync(api.Alice, query)).ShouldBeProblem(400, "Validation failed", field);

    [Fact]
    public async Task Rejects_the_cursor_of_another_caller_s_list()
    {
        var user = User.New();
        foreach (var id in await api.InsertMarketsAsync(2))
        {
            await api.AddWatchAsync(user, id, DateTime.UtcNow);
        }

        var page = await SendAsync(user, "?limit=1");
        var cursor = page.Json.GetProperty("meta").Text("nextCursor");

        (await SendAsync(api.Bob, $"?cursor={cursor}")).ShouldBeProblem(400, "Validation failed", "cursor");
        Assert.Equal(1, (await SendAsync(user, $"?cursor={cursor}")).Data(200).GetArrayLength());
    }

    private Task<RawResponse> SendAsync(User user, string query = "") =>
        api.SendBytesAsync("GET", $"/api/me/watched-markets{query}", [], null, user.Token);
}
