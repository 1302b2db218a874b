using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Whatever is sent: a success that reads back as it was answered, or a well-formed refusal, and never a fault of ours.</summary>
public sealed class RandomBodyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task Answers_any_body_with_what_it_stores_or_a_refusal(string method)
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

            var answer = await api.SendBytesAsync(method, url, body, "application/json");

            statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
            if (answer.Status is 200 or 201)
            {
                var stored = answer.Data(answer.Status);
                var read = (await api.ReadMarketAsync(stored.Id())).GetRawText();
                Assert.True(stored.GetRawText() == read, $"{what}\nanswered {answer.Text}\nbut stored {read}");
                // A final market would refuse nearly all that follows.
                market = stored.Text("status") is "cancelled" or "resolved" ? await api.CreateMarketAsync() : stored;
            }
            else
            {
                Assert.True(answer.Status is 400 or 409, $"{what}\nanswered {answer.Status}: {answer.Text}");
                answer.ShouldBeWellFormedProblem();
            }
        }

        Assert.True(statuses.GetValueOrDefault(method == "POST" ? 201 : 200) > 20, $"Seed {seed} has few successes");
        Assert.True(statuses.GetValueOrDefault(400) > 20, $"Seed {seed} has few refusals");
    }
}
