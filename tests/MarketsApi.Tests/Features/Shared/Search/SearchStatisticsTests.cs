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
            "UPDATE markets SET name = replace(name, 'heron', 'egret'), description = 'By the lake.'"
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

    /// <summary>PostgreSQL counts writes with a moment's delay, which decides when statistics are refreshed.</summary>
    private async Task FollowAsync()
    {
        for (var tries = 0; tries < 300; tries++)
        {
            if (Assert.Single(await api.Database.QueryAsync<bool>("SELECT search_refresh(false)")))
            {
                var expected = Assert.Single(await api.Database.QueryAsync<(int, double?, double?)>(Expected));
                var known = Assert.Single(await api.Database.QueryAsync<(int, double, double)>(Known));
                if (expected.Item1 == known.Item1)
                {
                    Assert.Equal(expected.Item2 ?? 12, known.Item2, 0.001);
                    Assert.Equal(expected.Item3 ?? 60, known.Item3, 0.001);
                    return;
                }
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Fail("The statistics did not follow.");
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
