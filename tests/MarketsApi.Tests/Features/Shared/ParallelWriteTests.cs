using System.Text.Json;
using Alba;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Writes to one market at the same time.</summary>
public sealed class ParallelWriteTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Loses_no_change_of_another_field()
    {
        for (var round = 0; round < 5; round++)
        {
            var market = await api.CreateMarketAsync();
            (string Field, string Value)[] patches =
            [
                ("name", $"Name A {round}"),
                ("description", $"Description A {round}"),
                ("category", "category-a"),
                ("endsAt", "2098-01-01T00:00:00Z"),
                ("name", $"Name B {round}"),
                ("description", $"Description B {round}"),
                ("category", "category-b"),
                ("endsAt", "2099-01-01T00:00:00Z"),
            ];

            var results = await Task.WhenAll(
                patches.Select(patch =>
                    api.PatchMarketAsync(market.Id(), new Dictionary<string, string> { [patch.Field] = patch.Value })
                )
            );

            // In the order of their versions, each response is the one before it plus its own patch.
            var responses = patches.Zip(results, (patch, result) => (patch, Response: result.Data()));
            var before = market;
            foreach (var (patch, response) in responses.OrderBy(pair => Version(pair.Response)))
            {
                Assert.Equal(Version(before) + 1, Version(response));
                foreach (var field in (string[])["name", "description", "category", "endsAt", "status"])
                {
                    Assert.Equal(field == patch.Field ? patch.Value : before.Text(field), response.Text(field));
                }

                before = response;
            }

            Assert.Equal(before.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
        }
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Lets_exactly_one_of_those_win_that_name_the_same_version(string method)
    {
        var market = await api.CreateMarketAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(Send));

        var winner = Assert.Single(results, result => result.Status() is 200 or 204);
        foreach (var loser in results.Where(result => result != winner))
        {
            if (method == "DELETE")
            {
                loser.ShouldBeProblem(404, "Market not found");
            }
            else
            {
                loser.ShouldBeProblem(412, "Market was changed by someone else");
            }
        }

        if (method != "DELETE")
        {
            Assert.Equal(winner.Data().GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
            Assert.Equal(2, Version(winner.Data()));
        }

        Task<IScenarioResult> Send(int number) =>
            method switch
            {
                "PATCH" => api.PatchMarketAsync(market.Id(), new { name = $"Name {number}" }, ifMatch: "\"1.0\""),
                "PUT" => api.PutMarketAsync(
                    market.Id(),
                    new
                    {
                        name = $"Name {number}",
                        status = "active",
                        endsAt = "2099-01-01T00:00:00Z",
                    },
                    ifMatch: "\"1\""
                ),
                _ => api.DeleteMarketAsync(market.Id(), ifMatch: "\"1\""),
            };
    }

    [Fact]
    public async Task Makes_one_of_two_contrary_changes_of_status()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = await api.InsertMarketAsync(status: "closed");

            var results = await Task.WhenAll(
                api.PatchMarketAsync(id, new { status = "resolved", outcome = "yes" }),
                api.PatchMarketAsync(id, new { status = "resolved", outcome = "no" }),
                api.PatchMarketAsync(id, new { status = "cancelled" })
            );

            Assert.Equal([200, 409, 409], results.Select(result => result.Status()).Order());
            var winner = results.Single(result => result.Status() == 200).Data();
            Assert.Equal(winner.GetRawText(), (await api.ReadMarketAsync(id)).GetRawText());
        }
    }

    [Fact]
    public async Task Returns_404_to_a_change_that_comes_after_a_delete()
    {
        for (var round = 0; round < 8; round++)
        {
            var id = await api.InsertMarketAsync();

            var deleting = api.DeleteMarketAsync(id);
            var changes = await Task.WhenAll(
                Enumerable.Range(0, 3).Select(number => api.PatchMarketAsync(id, new { name = $"Name {number}" }))
            );

            Assert.Equal(204, (await deleting).Status());
            Assert.All(changes, change => Assert.True(change.Status() is 200 or 404, change.ReadAsText()));
        }
    }

    private static long Version(JsonElement market) => market.GetProperty("version").GetInt64();
}
