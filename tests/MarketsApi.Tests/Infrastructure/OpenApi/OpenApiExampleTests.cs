using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.OpenApi;

/// <summary>Examples of successful responses are ones that the server could send: their properties agree with each other.</summary>
public sealed class OpenApiExampleTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Markets_agree_with_their_status_and_their_pool()
    {
        var markets = await ObjectsWithAsync("resolvedAt");

        Assert.True(markets.Count > 5, $"found only {markets.Count} markets");
        Assert.All(
            markets,
            market =>
            {
                var status = market.Text("status");
                Assert.Equal(status is "resolved" or "cancelled", market.Text("resolvedAt") is not null);
                Assert.Equal(status == "resolved", market.Text("outcome") is not null);
                var (yes, no) = (Amount(market.GetProperty("pool"), "yes"), Amount(market.GetProperty("pool"), "no"));
                Assert.Equal(yes + no, Amount(market, "volume"));
                Assert.Equal(
                    yes + no == 0 ? null : Math.Round(yes!.Value / (yes + no)!.Value, 4),
                    Amount(market, "probability")
                );
            }
        );
        var created = Assert.Single(markets, market => market.GetProperty("version").GetInt32() == 1);
        Assert.Equal(created.Text("createdAt"), created.Text("updatedAt"));
    }

    [Fact]
    public async Task Jobs_agree_with_their_state()
    {
        var jobs = await ObjectsWithAsync("finishedAt");

        Assert.NotEmpty(jobs);
        Assert.All(
            jobs,
            job => Assert.Equal(job.Text("state") is "done" or "failed", job.Text("finishedAt") is not null)
        );
    }

    private static decimal? Amount(JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDecimal() : null;

    private async Task<IReadOnlyList<JsonElement>> ObjectsWithAsync(string property)
    {
        var document = await ApiDocument.OfAsync(api.Host);
        return
        [
            .. document
                .Operations.SelectMany(operation => operation.Responses)
                .Where(response => response.Key[0] == '2' && response.Value.TryGetProperty("content", out _))
                .SelectMany(response => response.Value.GetProperty("content").EnumerateObject())
                .SelectMany(media => ObjectsIn(media.Value.GetProperty("example")))
                .Where(found => found.TryGetProperty(property, out _)),
        ];
    }

    private static IEnumerable<JsonElement> ObjectsIn(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member => ObjectsIn(member.Value))
                .Prepend(element),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(ObjectsIn),
            _ => [],
        };
}
