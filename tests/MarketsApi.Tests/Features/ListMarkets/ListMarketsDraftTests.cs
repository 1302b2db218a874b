using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

public sealed class ListMarketsDraftTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("anonymous", "")]
    [InlineData("alice", "a1 a2")]
    [InlineData("bob", "b1")]
    [InlineData("stranger", "")]
    [InlineData("alice of no role", "a1 a2")]
    [InlineData("moderator", "a1 a2 b1")]
    [InlineData("admin", "a1 a2 b1")]
    public async Task Shows_drafts_to_their_creator_moderators_and_admins_only(string caller, string expected)
    {
        var category = Listing.NewCategory();
        MarketRow[] rows =
        [
            Row("a1", "draft", api.Alice),
            Row("a2", "draft", api.Alice),
            Row("a active", "active", api.Alice),
            Row("b1", "draft", api.Bob),
            Row("b active", "active", api.Bob),
        ];
        await api.PutAsync(rows);
        var user = UserOf(caller);
        var ids = string.Join(',', rows.Select(row => row.Id));

        Assert.Equal(expected, await NamesAsync($"status=draft&category={category}"));
        Assert.Equal(expected, await NamesAsync($"status=draft&ids={ids}"));
        Assert.Equal(Only('a', expected), await NamesAsync($"status=draft&ids={ids}&creatorId={api.Alice.Id}"));
        Assert.Equal(Only('b', expected), await NamesAsync($"status=draft&ids={ids}&creatorId={api.Bob.Id}"));

        // Without the filter by status, no caller gets them, even by their ids.
        Assert.Equal("a active b active", await NamesAsync($"category={category}"));
        Assert.Equal("a active b active", await NamesAsync($"ids={ids}"));
        Assert.Equal("a active", await NamesAsync($"ids={ids}&creatorId={api.Alice.Id}"));
        Assert.Equal("a active b active", await NamesAsync($"ids={ids}&status=active"));

        MarketRow Row(string name, string status, User creator) =>
            new()
            {
                Name = name.PadRight(3, '.'),
                Status = status,
                Category = category,
                CreatorId = creator.Id,
            };

        async Task<string> NamesAsync(string query)
        {
            var result = await api.ListAsync(query + "&sort=name&count=true", user);
            var items = result.Items();
            Assert.Equal(items.Count, result.Meta().GetProperty("total").GetInt32());
            return string.Join(' ', items.Select(item => item.Text("name")!.TrimEnd('.')));
        }
    }

    [Fact]
    public async Task Shows_others_nothing_behind_a_cursor_among_drafts()
    {
        var category = Listing.NewCategory();
        await api.PutAsync([
            .. Enumerable
                .Range(0, 3)
                .Select(_ => new MarketRow
                {
                    Category = category,
                    Status = "draft",
                    CreatorId = api.Alice.Id,
                }),
        ]);
        var query = $"status=draft&category={category}&limit=1";
        var cursor = (await api.ListAsync(query, api.Alice)).NextCursor();

        Assert.Single(await api.ItemsAsync($"{query}&cursor={cursor}", api.Alice));
        Assert.Empty(await api.ItemsAsync($"{query}&cursor={cursor}", api.Bob));
        Assert.Empty(await api.ItemsAsync($"{query}&cursor={cursor}"));
    }

    [Fact]
    public async Task Pages_through_drafts_like_through_any_list()
    {
        var category = Listing.NewCategory();
        MarketRow[] rows =
        [
            .. from i in Enumerable.Range(0, 10)
            select new MarketRow
            {
                Category = category,
                Status = "draft",
                CreatorId = (i % 2 == 0 ? api.Alice : api.Bob).Id,
                Volume = i % 3,
            },
        ];
        await api.PutAsync(rows);

        foreach (var (sort, order) in Listing.Orders)
        {
            var query = $"status=draft&category={category}&limit=2&sort={sort}&order={order}";
            var expected = ReferenceOrder.Of(rows, sort, order).ToList();

            Assert.Equal(expected.Select(row => row.Id), await api.WalkAsync(query, api.Moderator));
            Assert.Equal(
                expected.Where(row => row.CreatorId == api.Alice.Id).Select(row => row.Id),
                await api.WalkAsync(query, api.Alice)
            );
        }
    }

    private static string Only(char creator, string names) =>
        string.Join(' ', names.Split(' ').Where(name => name.StartsWith(creator)));

    private User? UserOf(string caller) =>
        caller switch
        {
            "anonymous" => null,
            "alice" => api.Alice,
            "bob" => api.Bob,
            "alice of no role" => api.Alice with { Role = "none" },
            "moderator" => api.Moderator,
            "admin" => api.Admin,
            _ => User.New(),
        };
}
