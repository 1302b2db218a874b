using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Any body leads to a success that reads back as it was returned, or to a well-formed problem, and never to a server error.</summary>
public sealed class RandomBodyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task Returns_what_it_stores_or_a_problem_for_any_body(string method)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var bodies = new RandomBodies(seed);
        var market = await api.CreateMarketAsync();
        var statuses = new Dictionary<int, int>();
        for (var number = 0; number < 400; number++)
        {
            var body = bodies.Next();
            var what = $"{method} number {number} of seed {seed}: {Encoding.UTF8.GetString(body)}";
            var url = method == "POST" ? "/api/markets" : $"/api/markets/{market.Id()}";

            var response = await api.SendBytesAsync(method, url, body, "application/json");

            statuses[response.Status] = statuses.GetValueOrDefault(response.Status) + 1;
            if (response.Status is 200 or 201)
            {
                var stored = response.Data(response.Status);
                var read = (await api.ReadMarketAsync(stored.Id())).GetRawText();
                Assert.True(stored.GetRawText() == read, $"{what}\nreturned {response.Text}\nbut stored {read}");
                // A final market would reject nearly all later requests.
                market = stored.Text("status") is "cancelled" or "resolved" ? await api.CreateMarketAsync() : stored;
            }
            else
            {
                Assert.True(response.Status is 400 or 409, $"{what}\nreturned {response.Status}: {response.Text}");
                response.ShouldBeWellFormedProblem();
            }
        }

        Assert.True(statuses.GetValueOrDefault(method == "POST" ? 201 : 200) > 20, $"Seed {seed} has few successes");
        Assert.True(statuses.GetValueOrDefault(400) > 20, $"Seed {seed} has few problems");
    }
}
