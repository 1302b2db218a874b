using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>What endsAt may become, by PATCH and by PUT.</summary>
public sealed class MarketEndTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private DateTime Now => api.Clock.GetUtcNow().UtcDateTime;

    [Fact]
    public async Task Rejects_a_new_end_that_is_not_in_the_future()
    {
        var id = (await api.CreateMarketAsync()).Id();

        foreach (var endsAt in (DateTime[])[Now, Now.AddSeconds(-1), Now.AddYears(-5), DateTime.UnixEpoch])
        {
            var patched = await api.PatchMarketAsync(id, new { endsAt });
            var replaced = await api.PutMarketAsync(id, Whole(endsAt));

            patched.ShouldBeProblem(400, "Validation failed", "endsAt");
            replaced.ShouldBeProblem(400, "Validation failed", "endsAt");
        }
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("active")]
    [InlineData("closed")]
    public async Task Leaves_an_end_that_has_passed_as_it_is(string status)
    {
        var endsAt = Now.AddDays(-3);
        endsAt = endsAt.AddTicks(-(endsAt.Ticks % TimeSpan.TicksPerSecond));
        var id = await api.InsertMarketAsync(null, status, null, endsAt);
        var elsewhere = new DateTimeOffset(endsAt).ToOffset(TimeSpan.FromHours(5.5));

        var patched = await api.PatchMarketAsync(id, new { name = "A better name" });
        var repeated = await api.PatchMarketAsync(id, new { endsAt = elsewhere, category = "late" });
        var replaced = await api.PutMarketAsync(
            id,
            new
            {
                name = "The best name",
                status,
                endsAt,
            }
        );

        Assert.Equal(2, patched.Data().GetProperty("version").GetInt64());
        Assert.Equal(3, repeated.Data().GetProperty("version").GetInt64());
        Assert.Equal(4, replaced.Data().GetProperty("version").GetInt64());
        Assert.Equal(endsAt, replaced.Data().GetProperty("endsAt").GetDateTime());
    }

    [Fact]
    public async Task Moves_an_end_that_has_passed_ahead()
    {
        var id = await api.InsertMarketAsync(endsAt: Now.AddDays(-3));

        var result = await api.PatchMarketAsync(id, new { endsAt = "2099-01-01T01:00:00+01:00" });

        Assert.Equal("2099-01-01T00:00:00Z", result.Data().Text("endsAt"));
    }

    [Fact]
    public async Task Takes_null_only_from_a_market_that_has_no_end()
    {
        var openEnded = await api.InsertMarketAsync();
        var ending = (await api.CreateMarketAsync()).Id();

        var same = await api.PatchMarketAsync(openEnded, new { endsAt = (string?)null });
        var replaced = await api.PutMarketAsync(openEnded, Whole(null));
        var taken = await api.PatchMarketAsync(ending, new { endsAt = (string?)null });
        var takenByPut = await api.PutMarketAsync(ending, Whole(null));

        Assert.Equal(1, same.Data().GetProperty("version").GetInt64());
        Assert.Null(replaced.Data().Text("endsAt"));
        taken.ShouldBeProblem(400, "Validation failed", "endsAt");
        takenByPut.ShouldBeProblem(400, "Validation failed", "endsAt");
    }

    [Fact]
    public async Task Gives_an_open_ended_market_an_end_permanently()
    {
        var id = await api.InsertMarketAsync();

        var past = await api.PatchMarketAsync(id, new { endsAt = Now.AddDays(-1) });
        var ahead = await api.PatchMarketAsync(id, new { endsAt = Now.AddDays(1) });
        var back = await api.PatchMarketAsync(id, new { endsAt = (string?)null });

        past.ShouldBeProblem(400, "Validation failed", "endsAt");
        Assert.Equal(2, ahead.Data().GetProperty("version").GetInt64());
        back.ShouldBeProblem(400, "Validation failed", "endsAt");
    }

    [Fact]
    public async Task Reports_end_and_outcome_together()
    {
        var id = (await api.CreateMarketAsync()).Id();

        var result = await api.PatchMarketAsync(id, new { endsAt = Now.AddDays(-1), outcome = "yes" });

        result.ShouldBeProblem(400, "Validation failed", "endsAt", "outcome");
    }

    private static object Whole(DateTime? endsAt) =>
        new
        {
            name = "Will it end?",
            status = "active",
            endsAt,
        };
}
