using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.GetMarketHistory;

/// <summary>A history that is long, and one that grows from all sides.</summary>
public sealed class GetMarketHistoryPageTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Has_each_concurrent_change_once_and_in_order()
    {
        var market = (await api.CreateMarketAsync()).Id();

        var responses = await Task.WhenAll(
            Enumerable
                .Range(0, 24)
                .Select(n =>
                    api.PatchMarketAsync(
                        market,
                        new { description = $"Text {n}" },
                        n % 2 == 0 ? api.Alice : api.Moderator
                    )
                )
        );

        Assert.All(responses, response => Assert.Equal(200, response.Status()));
        var entries = (await SendAsync(market, "?limit=100")).Data(200).EnumerateArray().ToList();
        Assert.Equal(
            Enumerable.Range(1, 25).Reverse(),
            entries.Select(entry => entry.GetProperty("toVersion").GetInt32())
        );
        foreach (var (entry, older) in entries.Zip(entries.Skip(1)).SkipLast(1))
        {
            var change = Assert.Single(entry.GetProperty("changes").EnumerateArray());
            Assert.Equal(older.GetProperty("changes")[0].Text("to"), change.Text("from"));
            var number = int.Parse(change.Text("to")!["Text ".Length..]);
            Assert.Equal(number % 2 == 0 ? api.Alice.Id : api.Moderator.Id, entry.GetProperty("changedBy").Id());
        }
    }

    [Fact]
    public async Task Pages_through_all_of_it_while_it_grows()
    {
        var market = (await api.CreateMarketAsync()).Id();
        for (var n = 0; n < 7; n++)
        {
            await api.PatchMarketAsync(market, new { description = $"Text {n}" });
        }

        var found = new List<int>();
        string? cursor = null;
        do
        {
            var response = await SendAsync(market, cursor is null ? "?limit=3" : $"?limit=3&cursor={cursor}");
            found.AddRange(response.Data(200).EnumerateArray().Select(e => e.GetProperty("toVersion").GetInt32()));
            cursor = response.Json.GetProperty("meta").Text("nextCursor");
            Assert.Equal(
                cursor is not null,
                response.Header("Link").Contains("rel=\"next\"", StringComparison.Ordinal)
            );
            await api.PatchMarketAsync(market, new { description = $"Text {found.Count}, later" });
        } while (cursor is not null);

        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 1], found);
    }

    [Fact]
    public async Task Ends_a_page_of_long_texts_before_it_gets_too_large()
    {
        var market = (await api.CreateMarketAsync()).Id();
        for (var n = 0; n < 20; n++)
        {
            var description = string.Concat(Enumerable.Repeat("\U0001F600", 4_990)) + n;
            Assert.Equal(200, (await api.PatchMarketAsync(market, new { description })).Status());
        }

        var (found, sizes, query) = (new List<int>(), new List<int>(), "?limit=100");
        while (query is not null)
        {
            var response = await SendAsync(market, query);
            sizes.Add(response.Data(200).EnumerateArray().Count());
            found.AddRange(response.Data(200).EnumerateArray().Select(e => e.GetProperty("toVersion").GetInt32()));
            var meta = response.Json.GetProperty("meta");
            Assert.Equal(meta.Text("nextCursor") is not null, meta.GetProperty("hasMore").GetBoolean());
            query = meta.Text("nextCursor") is { } cursor ? $"?limit=100&cursor={cursor}" : null;
        }

        Assert.Equal(Enumerable.Range(1, 21).Reverse(), found);
        // 40 KB each, so that the seventh is the first beyond 256 KiB.
        Assert.Equal([7, 7, 7], sizes);
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?cursor=abc", "cursor")]
    [InlineData("?sort=name", "sort")]
    public async Task Rejects_an_invalid_page(string query, string field)
    {
        var market = await api.CreateMarketAsync();

        (await SendAsync(market.Id(), query)).ShouldBeProblem(400, "Validation failed", field);
    }

    [Fact]
    public async Task Returns_404_for_an_unknown_market()
    {
        var draft = await api.CreateMarketAsync(body: ApiFixture.NewMarket(status: "draft"));

        foreach (var id in new[] { $"{draft.Id()}", $"{Guid.NewGuid()}", "x" })
        {
            var response = await api.SendBytesAsync("GET", $"/api/markets/{id}/history", [], null, api.Bob.Token);
            response.ShouldBeProblem(404, "Market not found");
        }
    }

    private Task<RawResponse> SendAsync(Guid id, string query) =>
        api.SendBytesAsync("GET", $"/api/markets/{id}/history{query}", [], null, "");
}
