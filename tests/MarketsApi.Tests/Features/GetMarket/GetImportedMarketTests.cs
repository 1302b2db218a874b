using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.GetMarket;

/// <summary>Reading what no caller of the API can create.</summary>
public sealed class GetImportedMarketTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Returns_an_open_ended_market_with_its_external_id_and_volume()
    {
        var id = await api.InsertMarketAsync(version: 3, revision: 17);
        await api.Database.ExecuteAsync(
            "UPDATE markets SET volume = 9999999999999999.99, imported_volume = 9999999999999999.99 WHERE id = @id",
            new { id }
        );

        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{id}");
            s.Header("ETag").SingleValueShouldEqual("\"3.17\"");
        });

        var market = result.Data();
        Assert.Equal($"test:{id}", market.Text("externalId"));
        Assert.Null(market.Text("endsAt"));
        Assert.Equal("9999999999999999.99", market.GetProperty("volume").GetRawText());
    }

    [Theory]
    [InlineData("resolved", "no")]
    [InlineData("cancelled", null)]
    [InlineData("closed", null)]
    public async Task Returns_the_outcome_of_a_resolved_market(string status, string? outcome)
    {
        var id = await api.InsertMarketAsync(status: status, outcome: outcome);

        var market = await api.ReadMarketAsync(id);

        Assert.Equal(status, market.Text("status"));
        Assert.Equal(outcome, market.Text("outcome"));
    }

    [Fact]
    public async Task Takes_a_new_tag_when_the_revision_rises()
    {
        var id = await api.InsertMarketAsync(version: 3, revision: 17);
        await api.Database.ExecuteAsync("UPDATE markets SET revision = 18 WHERE id = @id", new { id });

        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{id}");
            s.WithRequestHeader("If-None-Match", "\"3.17\"");
            s.Header("ETag").SingleValueShouldEqual("\"3.18\"");
        });

        Assert.Equal(id, result.Data().Id());
    }

    [Fact]
    public async Task Takes_an_id_in_either_case()
    {
        var id = await api.InsertMarketAsync();

        var result = await api.Host.Scenario(s => s.Get.Url($"/api/markets/{id.ToString().ToUpperInvariant()}"));

        Assert.Equal(id.ToString(), result.Data().Text("id"));
    }
}
