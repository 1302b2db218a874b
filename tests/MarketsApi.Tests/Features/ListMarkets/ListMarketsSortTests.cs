using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

public sealed class ListMarketsSortTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("volume", "asc")]
    [InlineData("volume", "desc")]
    [InlineData("createdAt", "asc")]
    [InlineData("createdAt", "desc")]
    [InlineData("endsAt", "asc")]
    [InlineData("endsAt", "desc")]
    [InlineData("name", "asc")]
    [InlineData("name", "desc")]
    public async Task Sorts_with_ties_by_id_in_the_same_direction(string sort, string order)
    {
        var category = Listing.NewCategory();
        MarketRow[] rows =
        [
            .. from i in Enumerable.Range(0, 60)
            select new MarketRow
            {
                Category = category,
                Volume = i % 4,
                CreatedAt = MarketRow.Noon.AddMicroseconds(i % 5),
                EndsAt = i % 3 == 0 ? null : MarketRow.Noon.AddMicroseconds(i % 3),
                Name = "Name " + (i % 2 == 0 ? "abcdef"[i % 6] : "ABCDEF"[i % 6]),
            },
        ];
        await api.PutAsync(rows);

        var ids = await api.IdsAsync($"category={category}&sort={sort}&order={order}&limit=100");

        Assert.Equal(ReferenceOrder.Of(rows, sort, order).Select(row => row.Id), ids);
    }

    [Theory]
    [InlineData("", "sort=createdAt&order=desc")]
    [InlineData("order=asc", "sort=createdAt&order=asc")]
    [InlineData("sort=createdAt", "sort=createdAt&order=desc")]
    [InlineData("sort=volume", "sort=volume&order=desc")]
    [InlineData("sort=endsAt", "sort=endsAt&order=asc")]
    [InlineData("sort=name", "sort=name&order=asc")]
    public async Task Has_a_natural_order_where_none_is_asked_for(string query, string meaning)
    {
        var category = Listing.NewCategory();
        var random = new Random(1);
        await api.PutAsync([
            .. from i in Enumerable.Range(0, 20)
            select new MarketRow
            {
                Category = category,
                Volume = random.Next(100),
                CreatedAt = MarketRow.Noon.AddSeconds(random.Next(100)),
                EndsAt = MarketRow.Noon.AddSeconds(random.Next(100)),
                Name = $"Name {random.Next(100):D3}",
            },
        ]);

        var page = await api.ListAsync($"category={category}&{query}".TrimEnd('&'));
        var same = await api.ListAsync($"category={category}&{meaning}");

        Assert.Equal(same.Data().GetRawText(), page.Data().GetRawText());
    }

    [Fact]
    public async Task Puts_open_ended_markets_last_in_either_direction_of_the_end()
    {
        var category = Listing.NewCategory();
        MarketRow[] rows =
        [
            new() { Category = category, EndsAt = null },
            new() { Category = category, EndsAt = DateTime.UnixEpoch },
            new() { Category = category, EndsAt = null },
            new() { Category = category, EndsAt = new DateTime(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc) },
        ];
        await api.PutAsync(rows);
        Guid[] openEnded = [.. new[] { rows[0].Id, rows[2].Id }.Order()];

        Assert.Equal(
            [rows[1].Id, rows[3].Id, .. openEnded],
            await api.IdsAsync($"category={category}&sort=endsAt&order=asc")
        );
        Assert.Equal(
            [rows[3].Id, rows[1].Id, .. openEnded.Reverse()],
            await api.IdsAsync($"category={category}&sort=endsAt&order=desc")
        );
    }

    [Fact]
    public async Task Sorts_names_in_the_root_collation_with_punctuation_before_digits_before_letters()
    {
        // By the chart of CLDR's root collation, alternate handling "non-ignorable"; written down by hand.
        string[] names =
        [
            "_underscore first",
            "-hyphen",
            ", comma",
            "; semicolon",
            "! mark",
            "? mark",
            "'quoted'",
            "\"quoted\"",
            "(brackets)",
            "@at",
            "#hash",
            "%percent",
            "+plus",
            "$dollar",
            "€euro",
            "0 zero",
            "10 days",
            "2 days",
            "a b",
            "a-b",
            "ABC",
            "ábc",
            "Äbc",
            "abd",
            "Angstrom",
            "Ångström",
            "anguish",
            "coop",
            "coöp",
            "coopt",
            "Ore",
            "Øre",
            "orf",
            "resume",
            "Resumé",
            "résumé",
            "resumes",
            "zebra",
            "Żebra",
            "zebu",
            "Αθήνα",
            "Москва",
            "ירושלים",
            "القاهرة",
            "東京都",
        ];
        var category = Listing.NewCategory();
        var rows = names.Select(name => new MarketRow { Category = category, Name = name });
        await api.PutAsync([.. rows.OrderBy(row => row.Id)]);

        Assert.Equal(names, await NamesAsync("asc"));
        Assert.Equal(names.Reverse(), await NamesAsync("desc"));

        async Task<IEnumerable<string?>> NamesAsync(string order) =>
            from item in await api.ItemsAsync($"category={category}&sort=name&order={order}&limit=100")
            select item.Text("name");
    }

    [Fact]
    public async Task Takes_names_that_differ_in_case_alone_as_equal()
    {
        var category = Listing.NewCategory();
        string[] names = ["ÉTÉ", "été", "Été", "éTé"];
        MarketRow[] rows = [.. names.Select(name => new MarketRow { Category = category, Name = name })];
        await api.PutAsync(rows);
        var byId = rows.Select(row => row.Id).Order();

        Assert.Equal(byId, await api.IdsAsync($"category={category}&sort=name"));
        Assert.Equal(byId.Reverse(), await api.IdsAsync($"category={category}&sort=name&order=desc"));
    }
}
