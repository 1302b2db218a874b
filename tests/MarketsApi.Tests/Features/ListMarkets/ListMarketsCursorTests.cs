using System.Text;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

public sealed class ListMarketsCursorTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(100)]
    public async Task Gives_every_order_without_gap_or_repeat_page_by_page(int limit)
    {
        var category = Listing.NewCategory();
        MarketRow[] rows =
        [
            .. from i in Enumerable.Range(0, 40)
            select new MarketRow
            {
                Category = category,
                Volume = i % 4,
                CreatedAt = MarketRow.Noon.AddMicroseconds(i % 5),
                EndsAt = i % 3 == 0 ? null : MarketRow.Noon.AddMicroseconds(i % 3),
                Name = "Name " + "abcABCáÁ"[i % 8],
            },
        ];
        await api.PutAsync(rows);

        foreach (var (sort, order) in Listing.Orders)
        {
            var ids = await api.WalkAsync($"category={category}&sort={sort}&order={order}&limit={limit}");

            Assert.Equal(ReferenceOrder.Of(rows, sort, order).Select(row => row.Id), ids);
        }
    }

    [Fact]
    public async Task Continues_behind_any_name_that_a_market_can_have()
    {
        var category = Listing.NewCategory();
        string[] names =
        [
            string.Concat(Enumerable.Repeat("\U0001F600", 300)),
            string.Concat(Enumerable.Repeat("\U0010FFFD", 300)),
            new('é', 300),
            "\"' \\ % _ ; -- $1 @Take ${x} {0} <b>&amp;",
            "\uFFFD\uFFFE\uFEFF",
            "a\u0301\u0302 \u200D\u202E",
            "   x",
        ];
        await api.PutAsync([.. names.Select(name => new MarketRow { Category = category, Name = name })]);

        foreach (var order in (string[])["asc", "desc"])
        {
            var query = $"category={category}&sort=name&order={order}";
            Assert.Equal(await api.IdsAsync(query), await api.WalkAsync(query + "&limit=1"));
        }
    }

    [Theory]
    [InlineData("category={a}", "category={a}&sort=createdAt&order=asc")]
    [InlineData("category={a}&sort=volume", "category={a}")]
    [InlineData("category={a}&sort=volume", "category={a}&sort=volume&order=asc")]
    [InlineData("category={a}&sort=endsAt", "category={a}&sort=endsAt&order=desc")]
    [InlineData("category={a}&sort=endsAt", "category={a}&sort=createdAt&order=asc")]
    [InlineData("category={a}&sort=name", "category={a}&sort=endsAt")]
    [InlineData("category={a}", "category={b}")]
    [InlineData("category={a}&creatorId={creator}", "creatorId={creator}")]
    [InlineData("category={a}&creatorId={creator}", "category={a}")]
    [InlineData("creatorId={creator}", "creatorId={other}")]
    [InlineData("category={a}&status=active", "category={a}&status=closed")]
    [InlineData("category={a}&status=active", "category={a}")]
    [InlineData("ids={ids}", "ids={id}")]
    [InlineData("category={a}&ids={ids}", "category={a}")]
    [InlineData("category={a}&minVolume=1", "category={a}&minVolume=1.01")]
    [InlineData("category={a}&minVolume=1", "category={a}&maxVolume=1")]
    [InlineData("category={a}&maxVolume=9", "category={a}&maxVolume=9.1")]
    [InlineData("category={a}&maxVolume=9", "category={a}")]
    [InlineData("category={a}&endsAfter=2020-01-01T00:00:00Z", "category={a}&endsAfter=2020-01-01T00:00:00.000001Z")]
    [InlineData("category={a}&endsAfter=2030-01-01T00:00:00Z", "category={a}&endsBefore=2030-01-01T00:00:00Z")]
    [InlineData("category={a}&endsBefore=2040-01-01T00:00:00Z", "category={a}&endsBefore=2040-01-01T00:00:00%2B01:00")]
    public async Task Is_bound_to_the_filters_and_the_order(string query, string otherQuery)
    {
        var fill = await PutThreeAsync();
        var cursor = (await api.ListAsync(fill(query) + "&limit=1")).NextCursor();
        Assert.NotNull(cursor);

        await api.ListAsync($"{fill(query)}&limit=1&cursor={cursor}");
        var result = await api.ListAsync($"{fill(otherQuery)}&limit=1&cursor={cursor}", status: 400);

        result.ShouldBeProblem(400, "Validation failed", "cursor");
    }

    [Theory]
    [InlineData("limit=1", "limit=100")]
    [InlineData("limit=1", "count=true")]
    [InlineData("limit=1", "sort=createdAt&order=desc")]
    [InlineData("limit=1&creatorId={creator}", "creatorId={CREATOR}")]
    [InlineData("limit=1&minVolume=0", "minVolume=0.00")]
    [InlineData("limit=1&endsAfter=2020-01-01T00:00:00Z", "endsAfter=2020-01-01T01:00:00.000%2B01:00")]
    public async Task Is_not_bound_to_the_pages_size_or_to_the_spelling_of_a_filter(string query, string otherQuery)
    {
        var fill = await PutThreeAsync();
        var first = await api.ListAsync(fill("category={a}&" + query));

        var rest = await api.IdsAsync(fill("category={a}&" + otherQuery) + $"&cursor={first.NextCursor()}");

        Assert.Equal(2, rest.Count);
        Assert.DoesNotContain(Assert.Single(first.Ids()), rest);
    }

    [Fact]
    public async Task Rejects_a_cursor_that_was_changed_cut_or_extended()
    {
        var query = (await PutThreeAsync())("category={a}&limit=1");
        var cursor = (await api.ListAsync(query)).NextCursor()!;
        var wrong = new List<string>
        {
            cursor + "A",
            cursor + "AAAA",
            cursor + "=",
            cursor + "%20",
            "%20" + cursor,
            cursor.Insert(4, "%0A"),
            cursor + cursor,
            cursor.ToUpperInvariant(),
            new([.. cursor.Reverse()]),
        };
        for (var i = 0; i < cursor.Length; i++)
        {
            wrong.Add(cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..]);
            wrong.Add(cursor[..i] + (char)(cursor[i] ^ 1) + cursor[(i + 1)..]);
            wrong.Add(cursor[..i]);
        }

        foreach (var other in wrong.Where(other => other != cursor))
        {
            var encoded = other.Contains('%', StringComparison.Ordinal) ? other : Uri.EscapeDataString(other);
            var result = await api.ListAsync($"{query}&cursor={encoded}", status: 400);

            result.ShouldBeProblem(400, "Validation failed", "cursor");
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("null")]
    [InlineData("%00")]
    [InlineData("%F0%9F%98%80")]
    [InlineData("%FF%FE")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("eyJpZCI6MX0")]
    [InlineData("../../etc/passwd")]
    [InlineData("' OR 1=1 --")]
    public async Task Rejects_garbage(string cursor)
    {
        var result = await api.ListAsync($"cursor={cursor}", status: 400);

        result.ShouldBeProblem(400, "Validation failed", "cursor");
    }

    [Fact]
    public async Task Rejects_a_text_that_is_too_long_for_a_cursor()
    {
        var cursor = Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('x', 5_000))).TrimEnd('=');

        var result = await api.ListAsync($"cursor={cursor}", status: 400);

        result.ShouldBeProblem(400, "Validation failed", "cursor");
    }

    [Fact]
    public async Task Rejects_a_cursor_together_with_an_offset()
    {
        var query = (await PutThreeAsync())("category={a}&limit=1");
        var cursor = (await api.ListAsync(query)).NextCursor();

        var result = await api.ListAsync($"{query}&cursor={cursor}&offset=0", status: 400);

        result.ShouldBeProblem(400, "Validation failed", "cursor");
    }

    [Fact]
    public async Task Continues_where_its_item_has_gone()
    {
        var query = (await PutThreeAsync())("category={a}&limit=1");
        var all = await api.IdsAsync(query.Replace("limit=1", "limit=100", StringComparison.Ordinal));
        var first = await api.ListAsync(query);
        await api.Database.ExecuteAsync("DELETE FROM markets WHERE id = @Id", new { Id = first.Ids()[0] });

        Assert.Equal(all.Skip(1).Take(1), await api.IdsAsync($"{query}&cursor={first.NextCursor()}"));
    }

    /// <summary>Adds three equal markets; returns a function that writes their values into a query.</summary>
    private async Task<Func<string, string>> PutThreeAsync()
    {
        var (a, creator) = (Listing.NewCategory(), Guid.NewGuid());
        MarketRow[] rows =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(_ => new MarketRow
                {
                    Category = a,
                    Volume = 9,
                    CreatorId = creator,
                }),
        ];
        await api.PutAsync(rows);
        return query =>
            query
                .Replace("{a}", a, StringComparison.Ordinal)
                .Replace("{b}", Listing.NewCategory(), StringComparison.Ordinal)
                .Replace("{creator}", creator.ToString(), StringComparison.Ordinal)
                .Replace("{CREATOR}", creator.ToString().ToUpperInvariant(), StringComparison.Ordinal)
                .Replace("{other}", Guid.NewGuid().ToString(), StringComparison.Ordinal)
                .Replace("{ids}", string.Join(',', rows.Select(row => row.Id)), StringComparison.Ordinal)
                .Replace("{id}", rows[0].Id.ToString(), StringComparison.Ordinal);
    }
}
