using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Who changes whose market.</summary>
public sealed class MarketAccessTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly User _guest = User.New("guest");
    private readonly User _mistyped = User.New("Admin");

    [Theory]
    [InlineData("owner", "active", 200)]
    [InlineData("owner", "draft", 200)]
    [InlineData("other", "active", 403)]
    [InlineData("other", "cancelled", 403)]
    [InlineData("other", "draft", 404)]
    [InlineData("moderator", "active", 200)]
    [InlineData("moderator", "draft", 200)]
    [InlineData("admin", "active", 200)]
    [InlineData("admin", "draft", 200)]
    [InlineData("guest", "active", 403)]
    [InlineData("guest", "draft", 403)]
    [InlineData("mistyped", "active", 403)]
    public async Task Lets_users_change_their_own_and_moderators_any(string who, string status, int expected)
    {
        var id = await api.InsertMarketAsync(api.Alice, status);
        var user = who switch
        {
            "owner" => api.Alice,
            "other" => api.Bob,
            "moderator" => api.Moderator,
            "admin" => api.Admin,
            "guest" => _guest,
            _ => _mistyped,
        };
        var whole = new
        {
            name = "Replaced",
            status,
            endsAt = (string?)null,
        };

        var patched = await api.PatchMarketAsync(id, new { name = "Patched" }, user);
        var replaced = await api.PutMarketAsync(id, whole, user);

        Assert.Equal((expected, expected), (patched.Status(), replaced.Status()));
        if (expected == 200)
        {
            Assert.Equal(api.Alice.Id, replaced.Data().GetProperty("creator").Id());
        }
        else
        {
            var error = expected == 403 ? "Insufficient permissions" : "Market not found";
            var problem = patched.ShouldBeProblem(expected, error);
            replaced.ShouldBeProblem(expected, error);
            if (expected == 403)
            {
                var detail =
                    who == "other"
                        ? "Only the market's creator, a moderator or an admin can change it."
                        : "This needs the permission write, which the token's role doesn't have.";
                Assert.Equal(detail, problem.Text("detail"));
            }

            Assert.Equal("An imported market", (await api.ReadMarketAsync(id)).Text("name"));
        }
    }

    [Fact]
    public async Task Lets_a_role_that_was_taken_away_change_nothing_not_even_its_own()
    {
        var market = await api.CreateMarketAsync(api.Alice);

        var demoted = new User(api.Alice.Id, "none", api.Alice.Name);
        var result = await api.PatchMarketAsync(market.Id(), new { name = "Patched" }, demoted);

        result.ShouldBeProblem(403, "Insufficient permissions");
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Needs_a_token(string method)
    {
        var market = await api.CreateMarketAsync();

        var response = await api.SendAsync(method, $"/api/markets/{market.Id()}", "{}", token: "");

        response.ShouldBeProblem(401, "Missing authorization token");
        Assert.StartsWith("Bearer ", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Returns_404_for_an_id_that_no_market_has(string method)
    {
        const string body = """{"name":"Fine","endsAt":"2099-01-01T00:00:00Z","status":"active"}""";
        foreach (var id in (string[])["00000000-0000-7000-8000-000000000000", "nothing", "%20", "1"])
        {
            var response = await api.SendAsync(method, $"/api/markets/{id}", body, api.Admin.Token);

            response.ShouldBeProblem(404, "Market not found");
        }
    }

    [Fact]
    public async Task Rejects_POST_to_a_market_and_lists_the_allowed_methods()
    {
        var market = await api.CreateMarketAsync();

        var response = await api.SendAsync("POST", $"/api/markets/{market.Id()}", "{}");

        response.ShouldBeProblem(405, "Method not allowed");
        Assert.Equal("DELETE, GET, HEAD, PATCH, PUT", response.Header("Allow"));
    }
}
