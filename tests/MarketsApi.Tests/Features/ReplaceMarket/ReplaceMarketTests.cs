using Alba;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ReplaceMarket;

public sealed class ReplaceMarketTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTime End = new(2099, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Replaces_every_field_and_returns_the_full_form_as_it_is_stored()
    {
        var created = await api.CreateMarketAsync();
        api.Clock.Advance(TimeSpan.FromSeconds(1));

        var result = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(api.Alice.Token);
            s.Put.Json(
                    new
                    {
                        name = " Replaced ",
                        description = "Anew",
                        category = "sport",
                        status = "closed",
                        endsAt = End,
                    }
                )
                .ToUrl($"/api/markets/{created.Id()}");
            s.StatusCodeShouldBe(200);
            s.Header("ETag").SingleValueShouldEqual("\"2.0\"");
            s.ContentTypeShouldBe("application/json; charset=utf-8");
        });

        var market = result.Data();
        Assert.Equal("Replaced", market.Text("name"));
        Assert.Equal("Anew", market.Text("description"));
        Assert.Equal("sport", market.Text("category"));
        Assert.Equal("closed", market.Text("status"));
        Assert.Equal("2099-01-01T00:00:00Z", market.Text("endsAt"));
        Assert.Equal(2, market.GetProperty("version").GetInt64());
        Assert.Equal(created.Text("createdAt"), market.Text("createdAt"));
        Assert.True(
            market.GetProperty("updatedAt").GetDateTime() > created.GetProperty("updatedAt").GetDateTime(),
            "updatedAt has not moved"
        );
        Assert.Equal(market.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
    }

    [Fact]
    public async Task Resets_omitted_and_null_properties()
    {
        var full = new
        {
            name = "Full",
            description = "All of it",
            category = "sport",
            status = "active",
            endsAt = End,
        };
        foreach (
            var body in (string[])
                [
                    """{"name":"Full","endsAt":"2099-01-01T00:00:00Z","status":"active"}""",
                    """{"name":"Full","endsAt":"2099-01-01T00:00:00Z","status":"active","description":null,"category":null,"outcome":null}""",
                ]
        )
        {
            var id = (await api.PostMarketAsync(full)).Data().Id();

            var market = (await api.SendAsync("PUT", $"/api/markets/{id}", body)).Data(200);

            Assert.Equal("", market.Text("description"));
            Assert.Null(market.Text("category"));
            Assert.Null(market.Text("outcome"));
            Assert.Equal(2, market.GetProperty("version").GetInt64());
        }
    }

    [Fact]
    public async Task Resolves_and_needs_the_outcome_again_afterwards()
    {
        var id = await api.InsertMarketAsync(status: "closed", endsAt: End);
        var resolved = new
        {
            name = "Resolved",
            status = "resolved",
            outcome = "no",
            endsAt = End,
        };

        var first = await api.PutMarketAsync(id, resolved);
        var again = await api.PutMarketAsync(id, resolved);
        var without = await api.PutMarketAsync(
            id,
            new
            {
                name = "Resolved",
                status = "resolved",
                endsAt = End,
            }
        );

        Assert.Equal("no", first.Data().Text("outcome"));
        Assert.Equal(first.Data().GetRawText(), again.Data().GetRawText());
        Assert.Equal(409, without.Status());
    }

    [Fact]
    public async Task Changes_nothing_when_everything_is_the_same_already()
    {
        var created = await api.CreateMarketAsync();
        api.Clock.Advance(TimeSpan.FromSeconds(1));

        var result = await api.PutMarketAsync(
            created.Id(),
            new
            {
                name = $"  {created.Text("name")} ",
                description = " ",
                status = "active",
                endsAt = created.Text("endsAt"),
            }
        );

        Assert.Equal(created.GetRawText(), result.Data().GetRawText());
        Assert.Equal("\"1.0\"", result.Header("ETag"));
    }

    [Theory]
    [InlineData("{}", "name,endsAt,status")]
    [InlineData("""{"name":null,"status":null,"endsAt":null}""", "name,status")]
    [InlineData("""{"endsAt":"2099-01-01T00:00:00Z","status":"active"}""", "name")]
    [InlineData("""{"name":"Fine","status":"active"}""", "endsAt")]
    [InlineData("""{"name":"Fine","endsAt":"2099-01-01T00:00:00Z"}""", "status")]
    [InlineData("""{"name":"Fine","endsAt":"2099-01-01T00:00:00Z","status":"open"}""", "status")]
    [InlineData(
        """{"name":"no","description":"\u0000","category":"","status":"","outcome":"maybe"}""",
        "name,endsAt,description,category,status,outcome"
    )]
    public async Task Reports_every_invalid_property_at_once(string body, string fields)
    {
        var created = await api.CreateMarketAsync();

        var response = await api.SendAsync("PUT", $"/api/markets/{created.Id()}", body);

        response.ShouldBeProblem(400, "Validation failed", fields.Split(','));
        Assert.Equal(created.GetRawText(), (await api.ReadMarketAsync(created.Id())).GetRawText());
    }

    [Fact]
    public async Task Does_not_create_a_market()
    {
        var result = await api.PutMarketAsync(
            Guid.NewGuid(),
            new
            {
                name = "Fine",
                status = "active",
                endsAt = End,
            },
            api.Admin
        );

        result.ShouldBeProblem(404, "Market not found");
    }
}
