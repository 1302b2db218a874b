using MarketsApi.Features.IndexMarket;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Features.IndexMarket;

public sealed class IndexMarketTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Queues_a_job_or_names_the_one_that_waits_already()
    {
        var id = await api.InsertMarketAsync();

        var first = await api.SendAsync("POST", $"/api/markets/{id}/index", "", api.Admin.Token);
        var second = await api.SendAsync("POST", $"/api/markets/{id}/index", "", api.Admin.Token);

        var (job, state) = Assert.Single(await JobsAsync(id));
        Assert.Equal("queued", state);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal($$$"""{"success":true,"message":"Job queued","data":{"jobId":"{{{job}}}"}}""", first.Text);
        Assert.Equal(202, first.Status);
        Assert.Equal($"/api/jobs/{job}", first.Header("Location"));
    }

    [Fact]
    public async Task Returns_404_for_an_unknown_market()
    {
        foreach (var id in (string[])[$"{Guid.NewGuid()}", "x"])
        {
            var response = await api.SendAsync("POST", $"/api/markets/{id}/index", "", api.Admin.Token);
            response.ShouldBeProblem(404, "Market not found");
        }
    }

    [Fact]
    public async Task A_change_of_the_text_queues_it_and_no_other_does()
    {
        var active = await api.InsertMarketAsync(api.Alice);
        var draft = await api.InsertMarketAsync(api.Alice, "draft");

        await api.PatchMarketAsync(active, new { category = "weather" });
        Assert.Empty(await JobsAsync(active));

        await api.PatchMarketAsync(active, new { name = "Another name" });
        await api.PatchMarketAsync(active, new { description = "Another description" });
        Assert.Single(await JobsAsync(active));

        await api.PatchMarketAsync(draft, new { status = "active" });
        Assert.Single(await JobsAsync(draft));
    }

    [Fact]
    public async Task The_job_makes_the_vector_of_the_present_text_once()
    {
        var id = await api.InsertMarketAsync();
        var draft = await api.InsertMarketAsync(status: "draft");

        await RunAsync(id);
        var before = await VectorsAsync(id);
        await RunAsync(id);
        Assert.Equal(before, await VectorsAsync(id));

        await api.Database.ExecuteAsync("UPDATE markets SET name = 'A new name' WHERE id = @id", new { id });
        await RunAsync(id);
        Assert.NotEqual(Assert.Single(before), Assert.Single(await VectorsAsync(id)));

        await RunAsync(draft);
        Assert.Empty(await VectorsAsync(draft));
        await RunAsync(Guid.NewGuid());
    }

    private Task<IReadOnlyList<(Guid Id, string State)>> JobsAsync(Guid market) =>
        api.Database.QueryAsync<(Guid, string)>(
            "SELECT id, state FROM jobs WHERE market_id = @market AND kind = 'index-market'",
            new { market }
        );

    private Task<IReadOnlyList<string>> VectorsAsync(Guid market) =>
        api.Database.QueryAsync<string>(
            """
            SELECT concat_ws(' ', v.xmin, s.xmin, md5(v.vector), md5(s.bits::text))
            FROM market_vectors v
            JOIN market_signs s USING (market_id, model_id)
            WHERE market_id = @market
            """,
            new { market }
        );

    private Task RunAsync(Guid market) =>
        api
            .Host.Services.GetServices<IJob>()
            .OfType<IndexMarketJob>()
            .Single()
            .RunAsync([new JobRun(Guid.NewGuid(), market.ToString(), 1)], CancellationToken.None);
}
