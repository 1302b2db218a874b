using System.Globalization;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

public sealed class ListMarketsFilterTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("2031-05-05T00:00:00.99999999Z")]
    [InlineData("2031-05-05T00:00:00.123456999999Z")]
    [InlineData("2031-01-01T12:00:00+15:00")]
    [InlineData("2031-01-01T12:00:00-23:59")]
    [InlineData("2031-01-01t12:00:00z")]
    public async Task Reads_a_time_like_one_in_a_body(string time)
    {
        var market = await api.CreateMarketAsync(body: new { name = "Will it end?", endsAt = time });
        var sent = Uri.EscapeDataString(time);

        var from = await api.SendBytesAsync("GET", $"/api/markets?ids={market.Id()}&endsAfter={sent}", [], null, "");
        var before = await api.SendBytesAsync("GET", $"/api/markets?ids={market.Id()}&endsBefore={sent}", [], null, "");

        Assert.Equal(market.Id(), Assert.Single(from.Data(200).EnumerateArray()).Id());
        Assert.Empty(before.Data(200).EnumerateArray());
    }

    [Fact]
    public async Task Filters_by_status()
    {
        var category = Listing.NewCategory();
        string[] all = ["draft", "active", "closed", "resolved", "cancelled"];
        await api.PutAsync([.. all.Select(status => new MarketRow { Category = category, Status = status })]);

        foreach (var status in all[1..])
        {
            var items = await api.ItemsAsync($"category={category}&status={status}");

            Assert.Equal(status, Assert.Single(items).Text("status"));
        }

        var unfiltered = await api.ItemsAsync($"category={category}");
        Assert.Equal(all[1..].Order(), unfiltered.Select(item => item.Text("status")).Order());
    }

    [Fact]
    public async Task Filters_by_category()
    {
        var creator = Guid.NewGuid();
        await api.PutAsync([
            .. ((string?[])["sport", "sports", "sport-", null]).Select(category => new MarketRow
            {
                Category = category,
                CreatorId = creator,
            }),
        ]);

        var items = await api.ItemsAsync($"creatorId={creator}&category=sport");

        Assert.Equal("sport", Assert.Single(items).Text("category"));
        Assert.Equal(4, (await api.ItemsAsync($"creatorId={creator}")).Count);
    }

    [Fact]
    public async Task Filters_by_creator_in_either_case_of_the_id()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        await api.PutAsync(
            new MarketRow { CreatorId = one },
            new MarketRow { CreatorId = one },
            new MarketRow { CreatorId = other }
        );

        Assert.Equal(2, (await api.ItemsAsync($"creatorId={one}")).Count);
        Assert.Equal(2, (await api.ItemsAsync($"creatorId={one.ToString().ToUpperInvariant()}")).Count);
        Assert.Single(await api.ItemsAsync($"creatorId={other}"));
        Assert.Empty(await api.ItemsAsync($"creatorId={Guid.NewGuid()}"));
    }

    [Fact]
    public async Task Filters_by_ids_in_the_lists_order_without_those_that_do_not_exist()
    {
        MarketRow[] rows = [.. Enumerable.Range(1, 4).Select(volume => new MarketRow { Volume = volume })];
        await api.PutAsync(rows);

        var ids = await api.IdsAsync(
            $"sort=volume&ids={rows[0].Id},{Guid.NewGuid()},{rows[2].Id.ToString().ToUpperInvariant()},{rows[0].Id},{rows[3].Id}"
        );

        Assert.Equal([rows[3].Id, rows[2].Id, rows[0].Id], ids);
    }

    [Fact]
    public async Task Takes_a_hundred_ids()
    {
        MarketRow[] rows = [.. Enumerable.Range(0, 100).Select(_ => new MarketRow())];
        await api.PutAsync(rows);

        var ids = await api.IdsAsync($"limit=100&ids={string.Join(',', rows.Select(row => row.Id))}");

        Assert.Equal(rows.Select(row => row.Id).Order(), ids.Order());
    }

    [Theory]
    [InlineData("minVolume=10", "10.00 10.01 20.00 20.01")]
    [InlineData("minVolume=10.01", "10.01 20.00 20.01")]
    [InlineData("maxVolume=20", "0.00 9.99 10.00 10.01 20.00")]
    [InlineData("maxVolume=0", "0.00")]
    [InlineData("minVolume=10.0&maxVolume=20.000", "10.00 10.01 20.00")]
    [InlineData("minVolume=10&maxVolume=10", "10.00")]
    [InlineData("minVolume=9999999999999999.99", "")]
    [InlineData("maxVolume=9999999999999999.99", "0.00 9.99 10.00 10.01 20.00 20.01")]
    public async Task Filters_by_volume_with_both_bounds_inclusive(string query, string expected)
    {
        var category = Listing.NewCategory();
        decimal[] volumes = [0, 9.99m, 10, 10.01m, 20, 20.01m];
        await api.PutAsync([.. volumes.Select(volume => new MarketRow { Category = category, Volume = volume })]);

        var items = await api.ItemsAsync($"{query}&category={category}&sort=volume&order=asc");

        Assert.Equal(expected, string.Join(' ', items.Select(item => item.GetProperty("volume").GetRawText())));
    }

    [Theory]
    [InlineData("endsAfter=2030-01-01T12:00:00Z", "noon after")]
    [InlineData("endsAfter=2030-01-01T12:00:00.000001Z", "after")]
    [InlineData("endsAfter=2030-01-01t12:00:00z", "noon after")]
    [InlineData("endsAfter=2030-01-01T14:00:00%2B02:00", "noon after")]
    [InlineData("endsAfter=2030-01-01T06:30:00-05:30", "noon after")]
    [InlineData("endsBefore=2030-01-01T12:00:00Z", "before")]
    [InlineData("endsBefore=2030-01-01T12:00:00.000001Z", "before noon")]
    [InlineData("endsBefore=9999-12-31T23:59:59.999999Z", "before noon after")]
    [InlineData("endsAfter=1900-01-01T00:00:00Z", "before noon after")]
    [InlineData("endsAfter=2030-01-01T12:00:00Z&endsBefore=2030-01-01T12:00:00.000001Z", "noon")]
    [InlineData("endsAfter=2030-01-01T12:00:00Z&endsBefore=2030-01-01T12:00:00Z", "")]
    public async Task Filters_by_end_from_inclusive_to_exclusive_without_open_ended_ones(string query, string expected)
    {
        var category = Listing.NewCategory();
        var noon = MarketRow.Noon;
        (string Name, DateTime? EndsAt)[] ends =
        [
            ("before", noon.AddMicroseconds(-1)),
            ("noon", noon),
            ("after", noon.AddMicroseconds(1)),
            ("open-ended", null),
        ];
        await api.PutAsync([
            .. ends.Select(end => new MarketRow
            {
                Category = category,
                Name = end.Name,
                EndsAt = end.EndsAt,
            }),
        ]);

        foreach (var (sort, order) in Listing.Orders)
        {
            var items = await api.ItemsAsync($"{query}&category={category}&sort={sort}&order={order}");

            Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), Names(items).Order());
        }
    }

    [Fact]
    public async Task Combines_all_filters()
    {
        var categories = (Listing.NewCategory(), Listing.NewCategory());
        var creators = (Guid.NewGuid(), Guid.NewGuid());
        MarketRow[] rows =
        [
            .. from bits in Enumerable.Range(0, 32)
            select new MarketRow
            {
                Status = (bits & 1) == 0 ? "active" : "closed",
                Category = (bits & 2) == 0 ? categories.Item1 : categories.Item2,
                CreatorId = (bits & 4) == 0 ? creators.Item1 : creators.Item2,
                Volume = (bits & 8) == 0 ? 1 : 2,
                EndsAt = MarketRow.Noon.AddDays((bits & 16) == 0 ? 0 : 1),
            },
        ];
        await api.PutAsync(rows);
        var ids = string.Join(',', rows.Select(row => row.Id));

        foreach (var row in rows)
        {
            var volume = row.Volume.ToString(CultureInfo.InvariantCulture);
            var found = await api.IdsAsync(
                $"ids={ids}&status={row.Status}&category={row.Category}&creatorId={row.CreatorId}"
                    + $"&minVolume={volume}&maxVolume={volume}"
                    + $"&endsAfter={row.EndsAt:O}&endsBefore={row.EndsAt!.Value.AddHours(1):O}"
            );

            Assert.Equal(row.Id, Assert.Single(found));
        }
    }

    private static IEnumerable<string?> Names(IEnumerable<System.Text.Json.JsonElement> items) =>
        items.Select(item => item.Text("name"));
}
