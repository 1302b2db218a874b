using Alba;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Infrastructure.Idempotency;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.CorrectMarket;

public sealed class CorrectMarketTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string ToNo = """{"outcome":"no","reason":"The report was withdrawn."}""";

    [Fact]
    public async Task Settles_the_market_again_and_says_why()
    {
        var id = await ResolvedAsync("yes");
        await api.StakeAsync(id, "yes", "30", "70");
        await api.StakeAsync(id, "no", "50");
        api.Clock.Advance(TimeSpan.FromMinutes(5));

        var corrected = await CorrectAsync(id, ToNo);

        var market = corrected.Data(200);
        Assert.Equal("resolved", market.Text("status"));
        Assert.Equal("no", market.Text("outcome"));
        Assert.Equal(market.Text("updatedAt"), market.Text("resolvedAt"));
        Assert.Equal("\"4.3\"", corrected.Header("ETag"));
        Assert.Equal((await api.ReadMarketAsync(id)).GetRawText(), market.GetRawText());
        Assert.Equal(["150.00", "0.00", "0.00"], await api.PayoutsAsync(id));
    }

    [Fact]
    public async Task Counts_the_last_correction_of_any_number()
    {
        var id = await ResolvedAsync("yes");
        await api.StakeAsync(id, "yes", "0.01", "0.01", "0.01");
        await api.StakeAsync(id, "no", "0.01");
        var once = await api.PayoutsAsync(id);

        await CorrectAsync(id, """{"outcome":null,"reason":"The outcome is unclear."}""");
        Assert.Equal(["0.01", "0.01", "0.01", "0.01"], await api.PayoutsAsync(id));
        Assert.Equal("cancelled", (await api.ReadMarketAsync(id)).Text("status"));
        await CorrectAsync(id, ToNo);
        Assert.Equal(["0.04", "0.00", "0.00", "0.00"], await api.PayoutsAsync(id));
        await CorrectAsync(id, """{"outcome":"yes","reason":"It was right after all."}""");

        Assert.Equal(["0.00", "0.02", "0.01", "0.01"], once);
        Assert.Equal(once, await api.PayoutsAsync(id));
    }

    [Fact]
    public async Task Changes_nothing_when_the_market_is_settled_so_already()
    {
        var id = await ResolvedAsync("no");
        var before = (await api.ReadMarketAsync(id)).GetRawText();
        api.Clock.Advance(TimeSpan.FromMinutes(1));

        var corrected = await CorrectAsync(id, ToNo);

        Assert.Equal(before, corrected.Data(200).GetRawText());
    }

    [Theory]
    [InlineData("active")]
    [InlineData("closed")]
    [InlineData("draft")]
    public async Task Rejects_a_market_that_is_not_settled(string status)
    {
        var id = await api.InsertMarketAsync(status: status);

        (await CorrectAsync(id, ToNo)).ShouldBeProblem(
            409,
            "Only a resolved or cancelled market can be corrected; change its status and outcome instead"
        );
    }

    [Theory]
    [InlineData("{}", "outcome,reason")]
    [InlineData("""{"reason":"No outcome at all"}""", "outcome")]
    [InlineData("""{"outcome":"maybe","reason":"Who knows"}""", "outcome")]
    [InlineData("""{"outcome":"yes"}""", "reason")]
    [InlineData("""{"outcome":"yes","reason":null}""", "reason")]
    [InlineData("""{"outcome":"yes","reason":" no "}""", "reason")]
    [InlineData("""{"outcome":"yes","reason":"over\ntwo lines"}""", "reason")]
    [InlineData("""{"outcome":"yes","reason":"Good","status":"resolved"}""", "$.status")]
    public async Task Reports_each_invalid_property(string body, string fields)
    {
        var id = await ResolvedAsync("yes");

        (await CorrectAsync(id, body)).ShouldBeProblem(400, "Validation failed", fields.Split(','));
        Assert.Equal("yes", (await api.ReadMarketAsync(id)).Text("outcome"));
    }

    [Fact]
    public async Task Takes_a_reason_of_500_characters_and_not_of_501()
    {
        var id = await ResolvedAsync("yes");

        (await CorrectAsync(id, Body(501))).ShouldBeProblem(400, "Validation failed", "reason");
        (await CorrectAsync(id, Body(500))).Data(200);

        static string Body(int length) => $$"""{"outcome":"no","reason":"{{new string('x', length)}}"}""";
    }

    [Fact]
    public async Task Is_for_those_who_act_for_all_and_on_a_market_that_exists()
    {
        var id = await ResolvedAsync("yes");

        (await CorrectAsync(id, ToNo, api.Alice)).ShouldBeProblem(403, "Insufficient permissions");
        (await CorrectAsync(Guid.NewGuid(), ToNo)).ShouldBeProblem(404, "Market not found");
        (await CorrectAsync(id, ToNo, api.Admin)).Data(200);
    }

    [Fact]
    public async Task Corrects_only_the_version_that_If_Match_names()
    {
        var id = await ResolvedAsync("yes");

        (await CorrectIfAsync("\"2\"")).ShouldBeProblem(412, "Market was changed by someone else");
        (await CorrectIfAsync("nonsense")).ShouldBeProblem(400, "Validation failed", "If-Match");
        Assert.Equal(200, (await CorrectIfAsync("\"3.0\"")).Status());

        Task<IScenarioResult> CorrectIfAsync(string ifMatch) =>
            api.Host.Scenario(s =>
            {
                s.WithBearerToken(api.Moderator.Token);
                s.WithRequestHeader("If-Match", ifMatch);
                s.Post.Json(new { outcome = "no", reason = "The report was withdrawn." })
                    .ToUrl($"/api/markets/{id}/corrections");
                s.IgnoreStatusCode();
            });
    }

    [Fact]
    public async Task Is_done_once_per_idempotency_key()
    {
        var id = await ResolvedAsync("yes");
        var key = KeyedRequests.NewKey();

        var first = await api.Live.Client.PostAsync($"/api/markets/{id}/corrections", ToNo, api.Moderator, key);
        await CorrectAsync(id, """{"outcome":"yes","reason":"It was right after all."}""");
        var again = await api.Live.Client.PostAsync($"/api/markets/{id}/corrections", ToNo, api.Moderator, key);

        Assert.Equal(200, first.Status);
        again.ShouldReplay(first);
        Assert.Equal("yes", (await api.ReadMarketAsync(id)).Text("outcome"));
    }

    /// <summary>A market of Alice's at version 3; positions are put in beside the program.</summary>
    private async Task<Guid> ResolvedAsync(string outcome)
    {
        var market = await api.CreateMarketAsync();
        await api.PatchMarketAsync(market.Id(), new { status = "closed" });
        await api.PatchMarketAsync(market.Id(), new { status = "resolved", outcome });
        return market.Id();
    }

    private Task<RawResponse> CorrectAsync(Guid id, string body, User? user = null) =>
        api.SendAsync("POST", $"/api/markets/{id}/corrections", body, (user ?? api.Moderator).Token);
}
