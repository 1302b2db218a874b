using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.GetJob;

public sealed class GetJobTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Tells_where_a_job_stands()
    {
        var market = Guid.NewGuid();
        var id = await api.AddJobAsync(
            "failed",
            new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            market: market,
            error: "Too bad"
        );

        var answer = await api.SendAsync("GET", $"/api/jobs/{id}", "", api.Admin.Token);
        Assert.Equal(
            $$"""
            {"id":"{{id}}","kind":"prune-jobs","state":"failed","marketId":"{{market}}","attempts":8,"maxAttempts":8,"lastError":"Too bad","createdAt":"2030-01-01T00:00:00Z","runAt":"2030-01-01T00:00:00Z","startedAt":"2030-01-01T00:00:01Z","finishedAt":"2030-01-01T00:00:02Z"}
            """,
            answer.Data(200).GetRawText()
        );
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001")]
    [InlineData("x")]
    public async Task Is_not_there_when_it_isn_t(string id)
    {
        var answer = await api.SendAsync("GET", $"/api/jobs/{id}", "", api.Admin.Token);
        answer.ShouldBeProblem(404, "Job not found");
    }
}
