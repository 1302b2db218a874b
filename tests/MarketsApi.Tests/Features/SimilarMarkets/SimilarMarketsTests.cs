using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.SimilarMarkets;

public sealed class SimilarMarketsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Lists_near_duplicates_first_and_never_the_market_itself()
    {
        var topic = Guid.NewGuid().ToString("N")[..8];
        var asked = await api.CreateAsync(
            $"Will the {topic} bridge over the Elbe open in 2028?",
            "Settled by the city."
        );
        var duplicate = await api.CreateAsync($"Will {topic} bridge over the Elbe be open by 2028?");
        var related = await api.CreateAsync($"Will the {topic} tunnel under the Alster open in 2031?");
        var unrelated = await api.CreateAsync("Bitcoin above one hundred thousand dollars on Friday?");
        await api.ReindexAsync();

        var similar = await api.ListSimilarAsync(asked, 50);

        Assert.Equal([duplicate, related], similar.Take(2).Select(hit => hit.Id));
        Assert.True(similar[0].Score > 0.7);
        Assert.Contains(similar, hit => hit.Id == unrelated && hit.Score < 0.4);
        Assert.DoesNotContain(similar, hit => hit.Id == asked);
        Assert.Equal(similar.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id), similar);
        Assert.Equal(similar.Take(1), await api.ListSimilarAsync(asked, 1));
    }

    [Fact]
    public async Task Shows_the_list_form_with_a_score()
    {
        var name = $"Will it rain at {Guid.NewGuid():N}?";
        var asked = await api.CreateAsync(name);
        var other = await api.CreateAsync(name.ToUpperInvariant());
        await api.ReindexAsync();

        var result = await api.Host.Scenario(s => s.Get.Url($"/api/markets/{asked}/similar?limit=1"));
        var list = await api.Host.Scenario(s => s.Get.Url($"/api/markets?ids={other}"));

        var item = Assert.Single(result.Data().EnumerateArray());
        var expected = Assert.Single(list.Data().EnumerateArray());
        Assert.Equal(expected.GetRawText()[..^1] + ",\"score\":1}", item.GetRawText());
    }

    [Fact]
    public async Task Works_at_once_for_a_market_without_a_vector_and_for_the_caller_s_own_draft()
    {
        var name = $"Will the {Guid.NewGuid():N} comet be seen with the naked eye?";
        var old = await api.CreateAsync(name);
        await api.ReindexAsync();
        var fresh = await api.CreateAsync(name + " And when?");
        var draft = await api.CreateAsync(name + " In Europe?", status: "draft");

        foreach (var (id, user) in new[] { (fresh, api.Bob), (draft, api.Alice), (draft, api.Moderator) })
        {
            var similar = await api.ListSimilarAsync(id, 1, user);
            Assert.Equal(old, Assert.Single(similar).Id);
        }
    }

    [Fact]
    public async Task Leaves_drafts_out_even_before_their_creator_and_shows_them_once_they_are_published()
    {
        var name = $"Will the {Guid.NewGuid():N} comet come back?";
        var asked = await api.CreateAsync(name);
        var draft = await api.CreateAsync(name, status: "draft");
        await api.ReindexAsync();

        Assert.DoesNotContain(await api.ListSimilarAsync(asked, 50), hit => hit.Id == draft);
        Assert.DoesNotContain(await api.ListSimilarAsync(draft, 50), hit => hit.Id == draft);

        await api.PatchMarketAsync(draft, new { status = "active" });
        await api.ReindexAsync();

        Assert.Equal((draft, 1), (await api.ListSimilarAsync(asked, 50))[0]);
    }

    [Fact]
    public async Task Follows_a_change_of_the_text_and_forgets_a_deleted_market()
    {
        var topic = Guid.NewGuid().ToString("N");
        var asked = await api.CreateAsync($"Will {topic} win the Oscar for the best picture?");
        var other = await api.CreateAsync("Will the price of wheat fall below two hundred?");
        await api.ReindexAsync();
        Assert.True((await api.ListSimilarAsync(asked, 50)).Single(hit => hit.Id == other).Score < 0.5);

        await api.PatchMarketAsync(other, new { name = $"Will {topic} win an Oscar for its music?" });
        await api.ReindexAsync();
        Assert.Equal(other, (await api.ListSimilarAsync(asked, 50))[0].Id);

        await api.DeleteMarketAsync(other, user: api.Moderator);
        Assert.DoesNotContain(await api.ListSimilarAsync(asked, 50), hit => hit.Id == other);
        Assert.Empty(
            await api.Database.QueryAsync<Guid>(
                "SELECT market_id FROM market_signs WHERE market_id = @other",
                new { other }
            )
        );
    }

    [Fact]
    public async Task Returns_404_for_an_unknown_market()
    {
        var draft = await api.CreateAsync("Will this remain a draft?", status: "draft");

        foreach (
            var (id, token) in new[]
            {
                ($"{draft}", api.Bob.Token),
                ($"{draft}", ""),
                ($"{Guid.NewGuid()}", ""),
                ("x", ""),
            }
        )
        {
            var response = await api.SendAsync("GET", $"/api/markets/{id}/similar", "", token);
            response.ShouldBeProblem(404, "Market not found");
        }
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=51", "limit")]
    [InlineData("?limit=ten", "limit")]
    [InlineData("?limit=1&limit=2", "limit")]
    [InlineData("?offset=1", "offset")]
    public async Task Rejects_an_invalid_limit(string query, string field)
    {
        var market = await api.CreateMarketAsync();

        var response = await api.SendAsync("GET", $"/api/markets/{market.Id()}/similar{query}", "");

        response.ShouldBeProblem(400, "Validation failed", field);
    }
}
