using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListPositions;

public sealed class ListPositionsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Pages_through_all_of_them_newest_first_while_more_are_opened()
    {
        var market = await api.CreateMarketAsync();
        await api.CreateMarketAsync(body: new { name = "Another one", endsAt = "2099-01-01T00:00:00Z" });
        var opened = new List<Guid>();
        for (var number = 0; number < 23; number++)
        {
            opened.Insert(0, await OpenAsync(market.Id()));
        }

        var found = new List<Guid>();
        string? cursor = null;
        var pages = 0;
        do
        {
            var query = cursor is null ? "?limit=5" : $"?limit=5&cursor={cursor}";
            var result = await api.Host.Scenario(s => s.Get.Url($"/api/markets/{market.Id()}/positions{query}"));
            found.AddRange(result.Data().EnumerateArray().Select(item => item.Id()));
            cursor = result.Meta().Text("nextCursor");
            Assert.Equal(cursor is not null, result.Meta().GetProperty("hasMore").GetBoolean());
            Assert.Equal(
                cursor is null ? "" : $"</api/markets/{market.Id()}/positions?limit=5&cursor={cursor}>; rel=\"next\"",
                result.Header("Link")
            );
            await OpenAsync(market.Id());
            pages++;
        } while (cursor is not null);

        Assert.Equal(5, pages);
        Assert.Equal(opened, found);
    }

    [Fact]
    public async Task Lists_those_of_one_user_by_page()
    {
        var market = await api.CreateMarketAsync();
        var own = new List<Guid>();
        foreach (var user in new[] { api.Bob, api.Alice, api.Bob, api.Alice, api.Bob })
        {
            var opened = await api.SendAsync(
                "POST",
                $"/api/markets/{market.Id()}/positions",
                """{"outcome":"yes","stake":1}""",
                user.Token
            );
            if (user == api.Bob)
            {
                own.Insert(0, opened.Data(201).Id());
            }
        }

        var path = $"/api/markets/{market.Id()}/positions?userId={api.Bob.Id}&limit=2";
        var first = await api.SendAsync("GET", path, "");
        var cursor = first.Json.GetProperty("meta").Text("nextCursor");
        var second = await api.SendAsync("GET", $"{path}&cursor={cursor}", "");
        var ofStranger = await api.SendAsync(
            "GET",
            $"/api/markets/{market.Id()}/positions?userId={Guid.NewGuid()}",
            ""
        );
        var ofAll = await api.SendAsync("GET", $"/api/markets/{market.Id()}/positions?cursor={cursor}", "");

        Assert.Equal(own[..2], first.Data(200).EnumerateArray().Select(item => item.Id()));
        Assert.Equal(own[2..], second.Data(200).EnumerateArray().Select(item => item.Id()));
        Assert.Equal(0, ofStranger.Data(200).GetArrayLength());
        ofAll.ShouldBeProblem(400, "Validation failed", "cursor");
    }

    [Fact]
    public async Task Is_empty_for_a_market_without_positions()
    {
        var market = await api.CreateMarketAsync();

        var result = await api.Host.Scenario(s => s.Get.Url($"/api/markets/{market.Id()}/positions"));

        Assert.Equal(0, result.Data().GetArrayLength());
        Assert.Equal("""{"limit":20,"hasMore":false,"nextCursor":null}""", result.Meta().GetRawText());
    }

    [Fact]
    public async Task Returns_404_for_an_unknown_market()
    {
        var draft = await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket(status: "draft"));

        foreach (
            var (id, user) in new[] { ($"{draft.Id()}", api.Bob), ($"{Guid.NewGuid()}", api.Alice), ("x", api.Alice) }
        )
        {
            var response = await api.SendAsync("GET", $"/api/markets/{id}/positions", "", user.Token);
            response.ShouldBeProblem(404, "Market not found");
        }

        var own = await api.SendAsync("GET", $"/api/markets/{draft.Id()}/positions", "");
        Assert.Equal(0, own.Data(200).GetArrayLength());
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?limit=x", "limit")]
    [InlineData("?cursor=abc", "cursor")]
    [InlineData("?cursor=", "cursor")]
    [InlineData("?offset=1", "offset")]
    [InlineData("?limit=1&limit=2", "limit")]
    public async Task Rejects_an_invalid_page(string query, string field)
    {
        var market = await api.CreateMarketAsync();

        var response = await api.SendAsync("GET", $"/api/markets/{market.Id()}/positions{query}", "");

        response.ShouldBeProblem(400, "Validation failed", field);
    }

    [Fact]
    public async Task Rejects_the_cursor_of_another_market_s_list()
    {
        var market = await api.CreateMarketAsync();
        var other = await api.CreateMarketAsync();
        await OpenAsync(market.Id());
        await OpenAsync(market.Id());
        var page = await api.Host.Scenario(s => s.Get.Url($"/api/markets/{market.Id()}/positions?limit=1"));
        var cursor = page.Meta().Text("nextCursor");

        var response = await api.SendAsync("GET", $"/api/markets/{other.Id()}/positions?cursor={cursor}", "");

        response.ShouldBeProblem(400, "Validation failed", "cursor");
    }

    private async Task<Guid> OpenAsync(Guid market)
    {
        var response = await api.SendAsync(
            "POST",
            $"/api/markets/{market}/positions",
            """{"outcome":"yes","stake":5}"""
        );
        return response.Data(201).Id();
    }
}
