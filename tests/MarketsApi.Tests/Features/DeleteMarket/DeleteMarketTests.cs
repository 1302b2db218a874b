using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Features.DeleteMarket;

public sealed class DeleteMarketTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Deletes_a_market_permanently()
    {
        var market = await api.CreateMarketAsync();

        var deleted = await api.DeleteMarketAsync(market.Id());
        var again = await api.DeleteMarketAsync(market.Id());
        var read = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{market.Id()}");
            s.StatusCodeShouldBe(404);
        });

        Assert.Equal(204, deleted.Status());
        Assert.Empty(deleted.ReadAsText());
        again.ShouldBeProblem(404, "Market not found");
        read.ShouldBeProblem(404, "Market not found");
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("active")]
    [InlineData("closed")]
    [InlineData("resolved")]
    [InlineData("cancelled")]
    public async Task Deletes_in_any_status(string status)
    {
        var id = await api.InsertMarketAsync(status: status, outcome: status == "resolved" ? "yes" : null);

        var result = await api.DeleteMarketAsync(id, api.Admin);

        Assert.Equal(204, result.Status());
    }

    [Fact]
    public async Task Needs_the_delete_permission_for_all_but_ones_own_draft()
    {
        var market = await api.CreateMarketAsync(api.Alice);

        (await api.DeleteMarketAsync(market.Id(), api.Alice)).ShouldBeProblem(403, "Insufficient permissions");
        (await api.DeleteMarketAsync(market.Id(), api.Bob)).ShouldBeProblem(403, "Insufficient permissions");
        (await api.DeleteMarketAsync(market.Id(), User.New("guest"))).ShouldBeProblem(403, "Insufficient permissions");
        (await api.DeleteMarketAsync(Guid.NewGuid(), api.Alice)).ShouldBeProblem(404, "Market not found");
        Assert.Equal("active", (await api.ReadMarketAsync(market.Id())).Text("status"));
    }

    [Fact]
    public async Task Lets_creators_delete_their_own_drafts_alone()
    {
        var draft = await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket(status: "draft"));
        var published = await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket(status: "draft"));
        await api.PatchMarketAsync(published.Id(), new { status = "active" });

        (await api.DeleteMarketAsync(draft.Id(), api.Bob)).ShouldBeProblem(404, "Market not found");
        (await api.DeleteMarketAsync(draft.Id(), api.Alice, ifMatch: "\"2\"")).ShouldBeProblem(
            412,
            "Market was changed by someone else"
        );
        Assert.Equal(204, (await api.DeleteMarketAsync(draft.Id(), api.Alice, ifMatch: "\"1\"")).Status());
        (await api.DeleteMarketAsync(draft.Id(), api.Alice)).ShouldBeProblem(404, "Market not found");
        (await api.DeleteMarketAsync(published.Id(), api.Alice)).ShouldBeProblem(403, "Insufficient permissions");
    }

    [Fact]
    public async Task Rejects_a_market_that_has_positions()
    {
        var market = await api.CreateMarketAsync();
        await api.InsertPositionAsync(market.Id());

        var result = await api.DeleteMarketAsync(market.Id());

        result.ShouldBeProblem(409, "The market has positions and can't be deleted; cancel it instead");
        Assert.Equal(200, (await api.PatchMarketAsync(market.Id(), new { status = "cancelled" })).Status());
    }

    [Fact]
    public async Task Ignores_a_body()
    {
        var market = await api.CreateMarketAsync();

        var response = await api.SendAsync("DELETE", $"/api/markets/{market.Id()}", "nonsense", api.Moderator.Token);

        Assert.Equal(204, response.Status);
    }

    [Fact]
    public async Task Rejects_a_query_parameter()
    {
        var market = await api.CreateMarketAsync();

        var response = await api.SendAsync("DELETE", $"/api/markets/{market.Id()}?force=true", "", api.Moderator.Token);

        response.ShouldBeProblem(400, "Validation failed", "force");
    }

    [Fact]
    public async Task Deletes_once_however_many_ask_at_the_same_time()
    {
        var market = await api.CreateMarketAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.DeleteMarketAsync(market.Id())));

        Assert.Equal([204, 404, 404, 404, 404, 404, 404, 404], results.Select(result => result.Status()).Order());
    }

    [Fact]
    public async Task Never_loses_a_position_that_is_opened_at_the_same_time()
    {
        await api.CreateMarketAsync();
        for (var round = 0; round < 12; round++)
        {
            var id = await api.InsertMarketAsync();

            var opening = OpenAsync(id);
            var deleting = api.DeleteMarketAsync(id);
            var isOpened = await opening;
            var status = (await deleting).Status();

            Assert.True(status == (isOpened ? 409 : 204), $"Opened: {isOpened}, delete: {status}");
        }

        async Task<bool> OpenAsync(Guid id)
        {
            try
            {
                return await api.InsertPositionAsync(id) == 1;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                return false;
            }
        }
    }
}
