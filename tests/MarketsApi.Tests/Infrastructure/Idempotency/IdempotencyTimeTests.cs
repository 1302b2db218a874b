using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Idempotency;

public sealed class IdempotencyTimeTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_rule_about_the_time_applies_only_where_no_response_is_stored()
    {
        var endsAt = api.Clock.GetUtcNow().AddHours(1).ToString("O");
        var body = $$"""{"name":"Will it end soon? {{Guid.NewGuid():N}}","endsAt":"{{endsAt}}"}""";
        var key = KeyedRequests.NewKey();
        var first = await CreateAsync(body, key);

        api.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(201, first.Status);
        (await CreateAsync(body, key)).ShouldReplay(first);
        foreach (var late in new[] { await CreateAsync(body, KeyedRequests.NewKey()), await CreateAsync(body) })
        {
            var problem = late.ShouldBeProblem(400, "validation-failed");
            Assert.Equal("endsAt", problem.GetProperty("details")[0].Text("field"));
        }

        (await CreateAsync("""{"name":"x","endsAt":"2020-01-01T00:00:00Z"}""", key)).ShouldBeProblem(
            400,
            "validation-failed"
        );
        (await CreateAsync(body.Replace("soon", "late", StringComparison.Ordinal), key)).ShouldBeProblem(
            422,
            "idempotency-key-reused"
        );
    }

    private Task<KeyedResponse> CreateAsync(string body, params string[] keys) =>
        api.Live.Client.PostAsync("/api/markets", body, api.Alice, keys);
}
