using Alba;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.CreateMarket;

public sealed class CreateMarketTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Url = "/api/markets";

    [Fact]
    public async Task Returns_the_full_form_as_it_is_stored()
    {
        var endsAt = DateTime.UtcNow.AddDays(3);

        var result = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(api.Alice.Token);
            s.Post.Json(
                    new
                    {
                        name = "Will it snow?",
                        description = "In town,\nby noon.",
                        category = "weather",
                        status = "active",
                        endsAt,
                    }
                )
                .ToUrl(Url);
            s.StatusCodeShouldBe(201);
            s.ContentTypeShouldBe("application/json; charset=utf-8");
            s.Header("ETag").SingleValueShouldEqual("\"1.0\"");
        });

        var market = result.Data();
        Assert.Equal(
            [
                "category",
                "createdAt",
                "creator",
                "description",
                "endsAt",
                "externalId",
                "id",
                "mechanism",
                "name",
                "outcome",
                "pool",
                "probability",
                "resolvedAt",
                "status",
                "updatedAt",
                "version",
                "volume",
            ],
            market.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(7, market.Id().Version);
        Assert.Equal("Will it snow?", market.Text("name"));
        Assert.Equal("In town,\nby noon.", market.Text("description"));
        Assert.Equal("weather", market.Text("category"));
        Assert.Equal("active", market.Text("status"));
        Assert.Null(market.Text("externalId"));
        Assert.Null(market.Text("outcome"));
        Assert.Equal(0m, market.GetProperty("volume").GetDecimal());
        Assert.Equal(1, market.GetProperty("version").GetInt64());
        Assert.Equal(market.Text("createdAt"), market.Text("updatedAt"));
        Assert.EndsWith("Z", market.Text("createdAt"), StringComparison.Ordinal);
        Assert.Equal(["id", "displayName"], market.GetProperty("creator").EnumerateObject().Select(m => m.Name));
        Assert.Equal(api.Alice.Id, market.GetProperty("creator").Id());
        Assert.Equal("Alice", market.GetProperty("creator").Text("displayName"));
        Assert.Equal($"/api/markets/{market.Id()}", result.Header("Location"));
        Assert.Equal(["data", "success"], result.Json().EnumerateObject().Select(m => m.Name).Order());
        Assert.Equal(market.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
    }

    [Fact]
    public async Task Fills_in_omitted_properties()
    {
        var response = await api.SendAsync("POST", Url, """{"name":"Will it?","endsAt":"2099-01-01T00:00:00Z"}""");

        var market = response.Data(201);
        Assert.Equal("", market.Text("description"));
        Assert.Null(market.Text("category"));
        Assert.Equal("active", market.Text("status"));
        Assert.Equal("2099-01-01T00:00:00Z", market.Text("endsAt"));
    }

    [Fact]
    public async Task Treats_null_as_an_omitted_property()
    {
        var response = await api.SendAsync(
            "POST",
            Url,
            """{"name":"Will it?","endsAt":"2099-01-01T00:00:00Z","description":null,"category":null,"status":null}"""
        );

        var market = response.Data(201);
        Assert.Equal("", market.Text("description"));
        Assert.Null(market.Text("category"));
        Assert.Equal("active", market.Text("status"));
    }

    [Fact]
    public async Task Creates_a_draft_that_others_do_not_see()
    {
        var result = await api.PostMarketAsync(ApiFixture.NewMarket(status: "draft"));

        Assert.Equal("draft", result.Data().Text("status"));
        var seen = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(api.Bob.Token);
            s.Get.Url(result.Header("Location"));
            s.StatusCodeShouldBe(404);
        });
        seen.ShouldBeProblem(404, "Market not found");
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("resolved")]
    [InlineData("cancelled")]
    [InlineData("Active")]
    [InlineData(" active")]
    [InlineData("")]
    [InlineData("open")]
    public async Task Rejects_a_status_that_a_new_market_can_t_have(string status)
    {
        var result = await api.PostMarketAsync(ApiFixture.NewMarket(status: status));

        result.ShouldBeProblem(400, "Validation failed", "status");
    }

    [Theory]
    [InlineData("{}", "name,endsAt")]
    [InlineData("""{"name":"Will it?"}""", "endsAt")]
    [InlineData("""{"endsAt":"2099-01-01T00:00:00Z"}""", "name")]
    [InlineData("""{"name":null,"endsAt":null}""", "name,endsAt")]
    [InlineData(
        """{"name":"no","description":"\u0000","category":"A B","status":"closed","endsAt":"2001-01-01T00:00:00Z"}""",
        "name,description,category,status,endsAt"
    )]
    public async Task Reports_every_invalid_property_at_once(string body, string fields)
    {
        var response = await api.SendAsync("POST", Url, body);

        response.ShouldBeProblem(400, "Validation failed", fields.Split(','));
    }

    [Theory]
    [InlineData("outcome", "\"yes\"")]
    [InlineData("volume", "5")]
    [InlineData("id", "\"00000000-0000-7000-8000-000000000000\"")]
    [InlineData("creator", "null")]
    public async Task Rejects_properties_that_no_caller_may_set(string name, string value)
    {
        var response = await api.SendAsync(
            "POST",
            Url,
            $$"""{"name":"Will it?","endsAt":"2099-01-01T00:00:00Z","{{name}}":{{value}}}"""
        );

        response.ShouldBeProblem(400, "Validation failed", $"$.{name}");
    }

    [Fact]
    public async Task Stores_nothing_when_it_rejects_the_request()
    {
        var stranger = User.New();
        var before = await CountAsync();

        var result = await api.PostMarketAsync(ApiFixture.NewMarket(name: "no"), stranger);

        result.ShouldBeProblem(400, "Validation failed", "name");
        Assert.Equal(before, await CountAsync());
        Assert.Empty(await api.Database.QueryAsync<Guid>("SELECT id FROM users WHERE id = @Id", new { stranger.Id }));

        async Task<long> CountAsync() => (await api.Database.QueryAsync<long>("SELECT count(*) FROM markets")).Single();
    }

    [Fact]
    public async Task Needs_a_token_with_the_write_permission()
    {
        var anonymous = await api.SendAsync("POST", Url, "{}", token: "");
        var unknownRole = await api.PostMarketAsync(ApiFixture.NewMarket(), User.New("guest"));

        anonymous.ShouldBeProblem(401, "Missing authorization token");
        unknownRole.ShouldBeProblem(403, "Insufficient permissions");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Rejects_other_methods_and_lists_the_allowed_ones(string method)
    {
        var response = await api.SendBytesAsync(method, Url, [], null);

        response.ShouldBeProblem(405, "Method not allowed");
        Assert.Equal("GET, HEAD, POST", response.Header("Allow"));
    }
}
