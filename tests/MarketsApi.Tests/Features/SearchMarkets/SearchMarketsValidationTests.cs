using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

public sealed class SearchMarketsValidationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("", "q")]
    [InlineData("q=", "q")]
    [InlineData("q=%20%20", "q")]
    [InlineData("q=%00", "q")]
    [InlineData("q=a%00b", "q")]
    [InlineData("q=a%0Ab", "q")]
    [InlineData("q=a&q=b", "q")]
    [InlineData("Q=a", "Q", "q")]
    [InlineData("q=a&limit=0", "limit")]
    [InlineData("q=a&limit=51", "limit")]
    [InlineData("q=a&limit=ten", "limit")]
    [InlineData("q=a&status=draft", "status")]
    [InlineData("q=a&status=Active", "status")]
    [InlineData("q=a&category=No", "category")]
    [InlineData("q=a&explain=yes", "explain")]
    [InlineData("q=a&offset=1", "offset")]
    [InlineData("q=%20&limit=51&status=draft&category=%C3%A9", "q", "limit", "status", "category")]
    public async Task Rejects_an_invalid_search(string queryString, params string[] fields) =>
        (await api.CallAsync(queryString, status: 400)).ShouldBeProblem(
            400,
            "Validation failed",
            // An unknown parameter is reported before a missing one.
            fields is ["Q", ..]
                ? ["Q"]
                : fields
        );

    /// <summary>On the real port, since a scenario rewrites its query string.</summary>
    [Theory]
    [InlineData("%E2%82")]
    [InlineData("%FF")]
    [InlineData("%C3%28")]
    [InlineData("%C0%80")]
    [InlineData("%ED%A0%80")]
    [InlineData("abc%FFdef")]
    public async Task Rejects_bytes_that_are_not_UTF_8(string q)
    {
        var response = await api.SendBytesAsync("GET", $"/api/markets/search?q={q}", [], null, "");

        var problem = response.ShouldBeProblem(400, "Validation failed", "q");
        Assert.Equal("InvalidText", problem.GetProperty("details")[0].Text("code"));
    }

    [Fact]
    public async Task A_text_is_measured_in_code_points()
    {
        await api.SearchAsync(string.Concat(Enumerable.Repeat("😀", 200)));
        (await api.SearchAsync(new string('a', 201), status: 400)).ShouldBeProblem(400, "Validation failed", "q");
    }

    [Fact]
    public async Task Only_admins_get_explanations()
    {
        await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket("Will the heron return to the pond?"));

        (await api.SearchAsync("heron", "&explain=true", status: 401)).ShouldBeProblem(
            401,
            "Missing authorization token"
        );
        foreach (var caller in (User[])[api.Alice, api.Moderator])
        {
            // The permission is checked before the request.
            (await api.SearchAsync("heron", "&explain=true&limit=0", caller, 403)).ShouldBeProblem(
                403,
                "Insufficient permissions"
            );
            Assert.False(
                (await api.SearchAsync("heron", "&explain=false", caller)).Data()[0].TryGetProperty("ranks", out _)
            );
        }

        var ranks = (await api.SearchAsync("heron", "&explain=true", api.Admin)).Data()[0].GetProperty("ranks");

        Assert.Equal(1, ranks.GetProperty("words").GetInt32());
        Assert.True(ranks.GetProperty("wordScore").GetDouble() > 0);
        Assert.False((await api.SearchAsync("heron")).Data()[0].TryGetProperty("ranks", out _));
    }

    [Fact]
    public async Task The_search_route_and_the_route_of_a_market_don_t_mix()
    {
        var market = await api.CreateMarketAsync();

        var posted = await api.Host.Scenario(s =>
        {
            s.Post.Json(new { }).ToUrl("/api/markets/search");
            s.StatusCodeShouldBe(405);
        });
        await api.Host.Scenario(s => s.Get.Url($"/api/markets/{market.Id()}"));

        Assert.Contains("GET", posted.Header("Allow"), StringComparison.Ordinal);
    }
}
