using System.Text.Json;
using System.Text.RegularExpressions;
using Alba;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

public sealed partial class ListMarketsPageTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Skips_by_offset()
    {
        var (category, rows) = await PutAsync(30);

        foreach (var (sort, order) in Listing.Orders)
        {
            var ids = ReferenceOrder.Of(rows, sort, order).Select(row => row.Id).ToList();
            foreach (var (offset, limit) in ((int, int)[])[(0, 7), (1, 7), (23, 7), (29, 7), (30, 7), (10_000, 100)])
            {
                var page = await api.ListAsync(
                    $"category={category}&sort={sort}&order={order}&offset={offset}&limit={limit}"
                );

                Assert.Equal(ids.Skip(offset).Take(limit), page.Ids());
                Assert.Equal(offset + limit < ids.Count, page.Meta().GetProperty("hasMore").GetBoolean());
            }
        }
    }

    [Fact]
    public async Task Returns_twenty_items_unless_asked_for_another_number()
    {
        var (category, _) = await PutAsync(101);

        Assert.Equal(20, (await api.ItemsAsync($"category={category}")).Count);
        Assert.Single(await api.ItemsAsync($"category={category}&limit=1"));
        Assert.Equal(100, (await api.ItemsAsync($"category={category}&limit=100")).Count);
    }

    [Theory]
    [InlineData(3, "limit=2", true)]
    [InlineData(3, "limit=3", false)]
    [InlineData(3, "limit=4", false)]
    [InlineData(3, "limit=2&offset=1", false)]
    [InlineData(3, "limit=1&offset=1", true)]
    [InlineData(20, "", false)]
    [InlineData(21, "", true)]
    [InlineData(100, "limit=100", false)]
    [InlineData(101, "limit=100", true)]
    public async Task Says_whether_there_is_more(int count, string query, bool hasMore)
    {
        var (category, _) = await PutAsync(count);

        var page = await api.ListAsync($"category={category}&{query}".TrimEnd('&'));

        Assert.Equal(hasMore, page.Meta().GetProperty("hasMore").GetBoolean());
        Assert.Equal(hasMore, page.NextCursor() is not null);
        Assert.Equal(hasMore, page.Header("Link").Length > 0);
    }

    [Fact]
    public async Task Describes_the_page_in_meta()
    {
        var (category, _) = await PutAsync(5);
        var first = await api.ListAsync($"category={category}&limit=2");
        var cursor = first.NextCursor();

        Assert.Equal(Meta(2, 0, cursor), first.Meta().GetRawText());
        Assert.Equal(
            Meta(2, 0, cursor, 5),
            (await api.ListAsync($"category={category}&limit=2&count=true")).Meta().GetRawText()
        );
        Assert.Equal(
            Meta(2, 0, cursor),
            (await api.ListAsync($"category={category}&limit=2&count=false")).Meta().GetRawText()
        );
        Assert.Equal(
            Meta(4, 4, null, 5),
            (await api.ListAsync($"category={category}&limit=4&offset=4&count=true")).Meta().GetRawText()
        );
        Assert.Equal(
            Meta(3, null, null),
            (await api.ListAsync($"category={category}&limit=3&cursor={cursor}")).Meta().GetRawText()
        );
        Assert.Equal(
            Meta(3, null, null, 5),
            (await api.ListAsync($"category={category}&limit=3&cursor={cursor}&count=true")).Meta().GetRawText()
        );

        static string Meta(int limit, int? offset, string? next, int? total = null) =>
            $"{{\"limit\":{limit}"
            + (offset is null ? "" : $",\"offset\":{offset}")
            + $",\"hasMore\":{(next is null ? "false" : "true")},\"nextCursor\":{JsonSerializer.Serialize(next)}"
            + (total is null ? "" : $",\"total\":{total}")
            + "}";
    }

    [Theory]
    [InlineData("", 20)]
    [InlineData("limit=1", 20)]
    [InlineData("limit=20", 20)]
    [InlineData("offset=19", 20)]
    [InlineData("offset=20", 20)]
    [InlineData("offset=10000", 20)]
    [InlineData("minVolume=1", 15)]
    [InlineData("minVolume=1&limit=15", 15)]
    [InlineData("minVolume=1&offset=9999", 15)]
    [InlineData("minVolume=1&maxVolume=2&sort=name", 10)]
    [InlineData("minVolume=7", 0)]
    [InlineData("endsBefore=2000-01-01T00:00:00Z", 0)]
    [InlineData("status=closed", 0)]
    public async Task Counts_the_whole_list_when_asked_to(string query, int total)
    {
        var (category, _) = await PutAsync(20);
        await api.PutAsync(new MarketRow { Category = category, Status = "draft" });

        var page = await api.ListAsync($"category={category}&count=true&{query}".TrimEnd('&'));

        Assert.Equal(total, page.Meta().GetProperty("total").GetInt32());
        Assert.All(page.Items(), item => Assert.NotEqual(Guid.Empty, item.Id()));
    }

    [Fact]
    public async Task Links_to_the_next_page_with_all_other_parameters()
    {
        var (category, _) = await PutAsync(5);
        var query =
            $"limit=2&endsAfter=2020-01-01T00:00:00.5%2B02:00&category={category}&sort=name&count=true&minVolume=0.00";

        foreach (var start in (string[])[query, query + "&offset=1", "offset=0&" + query])
        {
            var page = await api.ListAsync(start);
            var link = LinkOf(page);

            Assert.NotNull(link);
            Assert.StartsWith("/api/markets?", link, StringComparison.Ordinal);
            var parameters = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(link[link.IndexOf('?')..]);
            Assert.Equal(
                ["category", "count", "cursor", "endsAfter", "limit", "minVolume", "sort"],
                parameters.Keys.Order()
            );
            Assert.Equal("2020-01-01T00:00:00.5+02:00", parameters["endsAfter"]);
            Assert.Equal("2", parameters["limit"]);
            Assert.Equal(page.NextCursor(), parameters["cursor"]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&offset=3")]
    public async Task Leads_to_the_end_by_links(string start)
    {
        var (category, rows) = await PutAsync(25);

        foreach (var (sort, order) in Listing.Orders)
        {
            var ids = new List<Guid>();
            var address = $"/api/markets?category={category}&limit=6&sort={sort}&order={order}{start}";
            for (var next = address; next is not null; )
            {
                var page = await api.Host.Scenario(s => s.Get.Url(next));
                Assert.Empty(page.Ids().Intersect(ids));
                ids.AddRange(page.Ids());
                next = LinkOf(page);
            }

            var skipped = start.Length > 0 ? 3 : 0;
            Assert.Equal(ReferenceOrder.Of(rows, sort, order).Skip(skipped).Select(row => row.Id), ids);
        }
    }

    private static string? LinkOf(IScenarioResult page) =>
        page.Header("Link") is { Length: > 0 } link ? NextLinkForm().Match(link).Groups[1].Value : null;

    [GeneratedRegex("^<([^<>\"]+)>; rel=\"next\"$")]
    private static partial Regex NextLinkForm();

    private async Task<(string Category, MarketRow[] Rows)> PutAsync(int count)
    {
        var category = Listing.NewCategory();
        MarketRow[] rows =
        [
            .. from i in Enumerable.Range(0, count)
            select new MarketRow
            {
                Category = category,
                Volume = i % 4,
                CreatedAt = MarketRow.Noon.AddSeconds(i % 7),
                EndsAt = MarketRow.Noon.AddSeconds(i % 3),
                Name = "Name " + "abcdefgh"[i % 8],
            },
        ];
        await api.PutAsync(rows);
        return (category, rows);
    }
}
