using System.Text.Json;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

public sealed class ListMarketsFormTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Members =
    [
        "id",
        "externalId",
        "name",
        "category",
        "status",
        "outcome",
        "volume",
        "mechanism",
        "pool",
        "probability",
        "endsAt",
        "createdAt",
        "updatedAt",
        "resolvedAt",
        "version",
        "creator",
    ];

    [Fact]
    public async Task Returns_the_list_form_without_a_description()
    {
        var created = await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket(category: Listing.NewCategory()));

        var result = await api.ListAsync($"ids={created.Id()}");

        Assert.Equal("application/json; charset=utf-8", result.Header("Content-Type"));
        Assert.Equal(["data", "meta", "success"], Names(result.Json()).Order());
        var item = Assert.Single(result.Items());
        Assert.Equal(Members.Order(), Names(item).Order());
        Assert.Equal(["displayName", "id"], Names(item.GetProperty("creator")).Order());
        foreach (var member in Members)
        {
            Assert.Equal(created.GetProperty(member).GetRawText(), item.GetProperty(member).GetRawText());
        }
    }

    [Fact]
    public async Task Embeds_each_items_own_creator()
    {
        var category = Listing.NewCategory();
        var byAlice = await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket(category: category));
        var byBob = await api.CreateMarketAsync(api.Bob, ApiFixture.NewMarket(category: category));

        var items = await api.ItemsAsync($"category={category}&order=asc");

        Assert.Equal([byAlice.Id(), byBob.Id()], items.Select(item => item.Id()));
        Assert.Equal([api.Alice.Id, api.Bob.Id], items.Select(item => item.GetProperty("creator").Id()));
        Assert.Equal(["Alice", "Bob"], items.Select(item => item.GetProperty("creator").Text("displayName")));
    }

    [Fact]
    public async Task Writes_amounts_with_two_decimals_and_times_in_UTC()
    {
        var category = Listing.NewCategory();
        var endsAt = new DateTime(2031, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        await api.PutAsync(
            new MarketRow
            {
                Category = category,
                Volume = 0,
                EndsAt = null,
            },
            new MarketRow
            {
                Category = category,
                Volume = 12.5m,
                EndsAt = endsAt,
            },
            new MarketRow
            {
                Category = category,
                Volume = 9_999_999_999_999_999.99m,
                EndsAt = endsAt.AddMicroseconds(120_300),
            }
        );

        var items = await api.ItemsAsync($"category={category}&sort=volume&order=asc");

        Assert.Equal(["0.00", "12.50", "9999999999999999.99"], Raw("volume"));
        Assert.Equal(["null", "\"2031-02-03T04:05:06Z\"", "\"2031-02-03T04:05:06.1203Z\""], Raw("endsAt"));
        Assert.All(Raw("createdAt"), time => Assert.Equal("\"2025-01-01T12:00:00Z\"", time));
        Assert.All(Raw("updatedAt"), time => Assert.Equal("\"2025-01-01T12:00:00Z\"", time));

        IEnumerable<string> Raw(string member) => items.Select(item => item.GetProperty(member).GetRawText());
    }

    [Fact]
    public async Task Names_the_source_of_imported_markets_alone()
    {
        var category = Listing.NewCategory();
        var imported = new MarketRow { Category = category, EndsAt = null };
        await api.PutAsync(imported, new MarketRow { Category = category });

        var items = await api.ItemsAsync($"category={category}&sort=endsAt");

        Assert.Equal([null, imported.Id.ToString()], items.Select(item => item.Text("externalId")));
    }

    [Fact]
    public async Task Returns_an_empty_list()
    {
        var result = await api.ListAsync($"category={Listing.NewCategory()}");

        Assert.Equal(
            """{"success":true,"data":[],"meta":{"limit":20,"offset":0,"hasMore":false,"nextCursor":null}}""",
            result.ReadAsText()
        );
        Assert.Equal("", result.Header("Link"));
    }

    [Fact]
    public async Task Handles_HEAD_like_GET_without_a_body()
    {
        var category = Listing.NewCategory();
        await api.PutAsync(new MarketRow { Category = category }, new MarketRow { Category = category });

        // In memory HEAD has a body; Kestrel leaves it out.
        var response = await api.Live.SendRawAsync(
            $"HEAD /api/markets?category={category}&limit=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", response, StringComparison.Ordinal);
        Assert.Contains("\r\nLink: ", response, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", response, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(JsonElement element) =>
        element.EnumerateObject().Select(member => member.Name);
}
