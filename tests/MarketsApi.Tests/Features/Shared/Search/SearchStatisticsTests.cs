using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared.Search;

/// <summary>What ranking knows of all markets together.</summary>
public sealed class SearchStatisticsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Expected = """
        SELECT count(*)::int AS markets, avg(name_length)::float8, avg(nullif(description_length, 0))::float8
        FROM search_markets
        """;

    private const string Known =
        "SELECT markets::int, name_length::float8, description_length::float8 FROM search_statistics";

    private const string Refresh = "SELECT search_refresh(false)";

    [Fact]
    public async Task Follow_creates_updates_and_deletes_by_themselves()
    {
        await api.PutAsync(
            null,
            [.. Enumerable.Range(0, 40).Select(n => ($"Will heron {n} return?", n % 2 == 0 ? "To the old pond." : ""))]
        );
        await FollowAsync();
        Assert.Equal((40, 20), await FrequencyAsync("heron", "pond"));

        await api.Database.ExecuteAsync(
            "UPDATE markets SET name = replace(name, 'heron', 'egret'), description = 'By the lake.' WHERE name LIKE '%heron%'"
        );
        await FollowAsync();
        Assert.Equal((0, 0), await FrequencyAsync("heron", "pond"));
        Assert.Equal((40, 40), await FrequencyAsync("egret", "lake"));
        Assert.Equal(
            ["egret"],
            await api.Database.QueryAsync<string>("SELECT word FROM search_words WHERE word IN ('heron', 'egret')")
        );

        await api.Database.ExecuteAsync("DELETE FROM markets");
        await FollowAsync();
        Assert.Equal(0, Assert.Single(await api.Database.QueryAsync<int>("SELECT count(*)::int FROM search_stems")));
        Assert.Equal(
            0,
            Assert.Single(await api.Database.QueryAsync<int>("SELECT markets::int FROM search_statistics"))
        );
    }

    [Fact]
    public async Task Count_new_markets_as_they_are_learned_and_all_of_them_only_after_enough_edits()
    {
        await FollowAsync("SELECT search_refresh(true)");
        await api.PutAsync(null, [.. Enumerable.Range(0, 30).Select(n => ($"Will ibis {n} nest?", "In the marsh."))]);
        Assert.False(await FollowAsync());
        Assert.Equal((30, 30), await FrequencyAsync("ibi", "marsh"));
        await api.PutAsync(null, ("Will ibis 31 nest?", ""), ("Will a stork nest?", "In the marsh, on a roof."));
        Assert.False(await FollowAsync());
        Assert.Equal((31, 31), await FrequencyAsync("ibi", "marsh"));

        await api.Database.ExecuteAsync("UPDATE markets SET name = 'Will a stork return?' WHERE name LIKE '%ibis 1%'");
        await api.Database.QueryAsync<bool>(Refresh);
        Assert.Equal((31, 31), await FrequencyAsync("ibi", "marsh"));
        await api.Database.ExecuteAsync("UPDATE markets SET name = 'Will a stork return?' WHERE name LIKE '%ibis%'");
        Assert.True(await FollowAsync());
        Assert.Equal((0, 31), await FrequencyAsync("ibi", "marsh"));
    }

    [Fact]
    public async Task Count_a_draft_when_it_is_published()
    {
        await FollowAsync("SELECT search_refresh(true)");
        await api.PutAsync(null, ("Will a puffin dive?", ""));
        await api.Database.ExecuteAsync("UPDATE markets SET status = 'draft' WHERE name LIKE '%puffin%'");
        Assert.False(await FollowAsync());
        Assert.Equal((0, 0), await FrequencyAsync("puffin", "puffin"));
        await api.Database.ExecuteAsync("UPDATE markets SET status = 'active' WHERE name LIKE '%puffin%'");
        await FollowAsync();
        Assert.Equal(1, (await FrequencyAsync("puffin", "puffin")).Names);
    }

    /// <returns>Whether everything was counted.</returns>
    private async Task<bool> FollowAsync(string refresh = Refresh)
    {
        var isCounted = Assert.Single(await api.Database.QueryAsync<bool>(refresh));
        var expected = Assert.Single(await api.Database.QueryAsync<(int, double?, double?)>(Expected));
        var known = Assert.Single(await api.Database.QueryAsync<(int, double, double)>(Known));
        Assert.Equal(expected.Item1, known.Item1);
        Assert.Equal(expected.Item2 ?? 12, known.Item2, 0.001);
        Assert.Equal(expected.Item3 ?? 60, known.Item3, 0.001);
        return isCounted;
    }

    private async Task<(int Names, int Descriptions)> FrequencyAsync(string ofName, string ofDescription)
    {
        const string Sql = """
            SELECT coalesce((SELECT names FROM search_stems WHERE stem = @ofName), 0),
                   coalesce((SELECT descriptions FROM search_stems WHERE stem = @ofDescription), 0)
            """;
        return Assert.Single(await api.Database.QueryAsync<(int, int)>(Sql, new { ofName, ofDescription }));
    }
}
