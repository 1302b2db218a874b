using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.UpdateMarket;

public sealed class UpdateMarketTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly object Full = new
    {
        name = "Full",
        description = "All of it",
        category = "sport",
        status = "active",
        endsAt = "2099-01-01T00:00:00Z",
    };

    [Theory]
    [InlineData("name", "\" Patched \"", "\"Patched\"")]
    [InlineData("description", "\"Patched\"", "\"Patched\"")]
    [InlineData("description", "null", "\"\"")]
    [InlineData("category", "\"patched\"", "\"patched\"")]
    [InlineData("category", "null", "null")]
    [InlineData("status", "\"closed\"", "\"closed\"")]
    [InlineData("endsAt", "\"2098-01-01T00:00:00+01:00\"", "\"2097-12-31T23:00:00Z\"")]
    public async Task Changes_one_field_and_leaves_the_others(string field, string sent, string stored)
    {
        var created = (await api.PostMarketAsync(Full)).Data();
        api.Clock.Advance(TimeSpan.FromSeconds(1));

        var response = await api.SendAsync("PATCH", $"/api/markets/{created.Id()}", $$"""{"{{field}}":{{sent}}}""");

        var market = response.Data(200);
        Assert.Equal("\"2.0\"", response.Header("ETag"));
        Assert.Equal("application/json; charset=utf-8", response.Header("Content-Type"));
        Assert.Equal(stored, market.GetProperty(field).GetRawText());
        Assert.Equal(2, market.GetProperty("version").GetInt64());
        Assert.True(
            market.GetProperty("updatedAt").GetDateTime() > created.GetProperty("updatedAt").GetDateTime(),
            "updatedAt has not moved"
        );
        foreach (var member in created.EnumerateObject())
        {
            if (member.Name != field && member.Name is not ("version" or "updatedAt"))
            {
                Assert.Equal(member.Value.GetRawText(), market.GetProperty(member.Name).GetRawText());
            }
        }

        Assert.Equal(market.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":"Full"}""")]
    [InlineData("""{"name":"  Full\u00a0"}""")]
    [InlineData("""{"status":"active","outcome":null}""")]
    [InlineData("""{"endsAt":"2099-01-01T02:00:00.0000001+02:00"}""")]
    [InlineData("""{"description":" All of it\n","category":"sport"}""")]
    public async Task Leaves_even_the_version_when_nothing_changes(string body)
    {
        var created = (await api.PostMarketAsync(Full)).Data();
        api.Clock.Advance(TimeSpan.FromSeconds(1));

        var response = await api.SendAsync("PATCH", $"/api/markets/{created.Id()}", body);

        Assert.Equal(created.GetRawText(), response.Data(200).GetRawText());
        Assert.Equal("\"1.0\"", response.Header("ETag"));
        Assert.Equal(created.GetRawText(), (await api.ReadMarketAsync(created.Id())).GetRawText());
    }

    [Theory]
    [InlineData("name", "name")]
    [InlineData("status", "status")]
    [InlineData("endsAt", "endsAt")]
    public async Task Rejects_null_where_there_is_nothing_to_reset_to(string field, string error)
    {
        var created = await api.CreateMarketAsync();

        var response = await api.SendAsync("PATCH", $"/api/markets/{created.Id()}", $$"""{"{{field}}":null}""");

        response.ShouldBeProblem(400, "Validation failed", error);
    }

    [Fact]
    public async Task Reports_every_invalid_property_at_once()
    {
        var created = await api.CreateMarketAsync();

        var response = await api.SendAsync(
            "PATCH",
            $"/api/markets/{created.Id()}",
            """{"name":null,"description":"\u0000","category":"A","status":"open","outcome":"maybe"}"""
        );

        response.ShouldBeProblem(400, "Validation failed", "name", "description", "category", "status", "outcome");
        Assert.Equal(created.GetRawText(), (await api.ReadMarketAsync(created.Id())).GetRawText());
    }

    [Fact]
    public async Task Changes_all_or_nothing()
    {
        var created = await api.CreateMarketAsync();

        var result = await api.PatchMarketAsync(created.Id(), new { name = "Patched", status = "draft" });

        result.ShouldBeProblem(409, "A market that is active can't become draft; it can become closed or cancelled");
        Assert.Equal(created.GetRawText(), (await api.ReadMarketAsync(created.Id())).GetRawText());
    }

    [Fact]
    public async Task Keeps_what_an_import_and_positions_have_put_there()
    {
        var id = await api.InsertMarketAsync(version: 7, revision: 4);
        await api.Database.ExecuteAsync(
            "UPDATE markets SET volume = 1234.50, imported_volume = 1000, yes_pool = 234.50 WHERE id = @id",
            new { id }
        );

        var result = await api.PatchMarketAsync(id, new { name = "Patched" });

        Assert.Equal("1234.50", result.Data().GetProperty("volume").GetRawText());
        Assert.Equal($"test:{id}", result.Data().Text("externalId"));
        Assert.Equal("\"8.4\"", result.Header("ETag"));
    }

    [Fact]
    public async Task Walks_a_market_through_its_life()
    {
        var id = (await api.PostMarketAsync(ApiFixture.NewMarket(status: "draft"))).Data().Id();

        object[] steps =
        [
            new { status = "active" },
            new { status = "closed" },
            new { status = "active" },
            new { status = "closed" },
            new { status = "resolved", outcome = "yes" },
            new { description = "It did." },
        ];
        foreach (var (step, body) in steps.Index())
        {
            var result = await api.PatchMarketAsync(id, body);

            Assert.Equal(step + 2, result.Data().GetProperty("version").GetInt64());
            Assert.Equal($"\"{step + 2}.0\"", result.Header("ETag"));
        }
    }
}
