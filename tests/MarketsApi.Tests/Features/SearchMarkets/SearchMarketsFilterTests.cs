using MarketsApi.Features.SearchMarkets;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

public sealed class SearchMarketsFilterTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Filters_combine_and_drafts_are_never_found()
    {
        var word = Searching.NewWord();
        var category = Listing.NewCategory();
        MarketRow[] rows =
        [
            .. from status in (string[])["draft", "active", "closed", "resolved", "cancelled"]
            from of in (string?[])[category, null]
            select new MarketRow
            {
                Name = $"Will {word} be {status}?",
                Status = status,
                Category = of,
            },
        ];
        await Listing.PutAsync(api, rows);

        Assert.Equal(8, (await api.NamesAsync(word)).Count);
        Assert.Equal(4, (await api.NamesAsync(word, $"&category={category}")).Count);
        Assert.Equal([$"Will {word} be closed?"], await api.NamesAsync(word, $"&category={category}&status=closed"));
        Assert.Equal(2, (await api.NamesAsync(word, "&status=resolved")).Count);
        Assert.Empty(await api.NamesAsync(word, "&category=of-nothing"));
        foreach (var caller in (User[])[api.Alice, api.Moderator, api.Admin])
        {
            Assert.DoesNotContain($"Will {word} be draft?", (await api.SearchAsync(word, caller: caller)).Names());
        }
    }

    /// <summary>The best match are those that the filter excludes, and common words are those that the rest has.</summary>
    [Fact]
    public async Task A_filter_leaves_as_many_as_are_asked_for()
    {
        var (rare, common) = (Searching.NewWord(), Searching.NewWord());
        var category = Listing.NewCategory();
        await api.Database.ExecuteAsync(
            """
            INSERT INTO users (id, display_name, created_at, updated_at)
            VALUES ('c0c0c0c0-0000-7000-8000-000000000003', 'Many', now(), now());
            INSERT INTO markets (id, name, description, category, status, ends_at, created_at, updated_at, creator_id)
            SELECT gen_random_uuid(), 'Will ' || @common || CASE WHEN n <= 300 THEN ' and ' || @rare ELSE '' END || ' happen?', '',
                   CASE WHEN n > 2960 THEN @category END, 'active', now() + interval '1 day', now(), now(),
                   'c0c0c0c0-0000-7000-8000-000000000003'
            FROM generate_series(1, 3000) n
            """,
            new
            {
                common,
                rare,
                category,
            }
        );
        await api.RefreshAsync();

        Assert.Equal(
            50,
            (await api.NamesAsync($"{rare} {common}", "&limit=50")).Count(name =>
                name.Contains(rare, StringComparison.Ordinal)
            )
        );
        Assert.Equal(40, (await api.NamesAsync($"{rare} {common}", $"&limit=50&category={category}")).Count);
        Assert.Equal(25, (await api.NamesAsync($"{common} {rare}", $"&limit=25&category={category}")).Count);

        // It runs again only where it left words out that fewer than 5,000 names make too common.
        Assert.True(await LeavesOutAsync($"{rare} {common}"));
        Assert.False(await LeavesOutAsync(common));
        Assert.False(await LeavesOutAsync(Searching.NewWord()));

        async Task<bool> LeavesOutAsync(string text) =>
            (
                await api.Database.QueryAsync<SearchMarketsFound>(
                    SearchMarketsSql.SelectHits,
                    new
                    {
                        Text = text,
                        Status = (string?)null,
                        Category = (string?)category,
                        Limit = 50,
                        IsExhaustive = false,
                    }
                )
            )[0].LeavesOut;
    }
}
