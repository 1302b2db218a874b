using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.GetJob;

public sealed class GetJobTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Returns_the_state_of_a_job()
    {
        var market = Guid.NewGuid();
        var id = await api.AddJobAsync(
            "failed",
            new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            market: market,
            error: "Too bad"
        );

        var response = await api.SendAsync("GET", $"/api/jobs/{id}", "", api.Admin.Token);
        Assert.Equal(
            $$"""
            {"id":"{{id}}","kind":"prune-jobs","state":"failed","marketId":"{{market}}","attempts":8,"maxAttempts":8,"lastError":"Too bad","createdAt":"2030-01-01T00:00:00Z","runAt":"2030-01-01T00:00:00Z","startedAt":"2030-01-01T00:00:01Z","finishedAt":"2030-01-01T00:00:02Z"}
            """,
            response.Data(200).GetRawText()
        );
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001")]
    [InlineData("x")]
    public async Task Returns_404_for_an_unknown_job(string id)
    {
        var response = await api.SendAsync("GET", $"/api/jobs/{id}", "", api.Admin.Token);
        response.ShouldBeProblem(404, "Job not found");
    }
}
