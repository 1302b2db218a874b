using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.OpenPosition;

public sealed class OpenPositionPropertyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Lanes = 4;

    /// <remarks>A failure comes with its seed, shrunk to the fewest steps.</remarks>
    [Fact]
    public async Task Under_concurrent_changes_the_volume_is_the_sum_of_the_stakes() =>
        await Task.Run(
            () =>
                Check.One(
                    Config.QuickThrowOnFailure.WithMaxTest(60).WithStartSize(2).WithEndSize(40),
                    Prop.ForAll(
                        MarketStep.Generator.ListOf().ToArbitrary(),
                        steps => HoldsAsync([.. steps]).GetAwaiter().GetResult()
                    )
                ),
            TestContext.Current.CancellationToken
        );

    private async Task HoldsAsync(IReadOnlyList<MarketStep> steps)
    {
        var id = (await api.CreateMarketAsync()).Id();

        var lanes = await Task.WhenAll(
            Enumerable.Range(0, Lanes).Select(lane => RunAsync(id, steps.Where((_, index) => index % Lanes == lane)))
        );

        var responses = lanes.SelectMany(lane => lane).ToList();
        Assert.All(
            responses,
            done => Assert.True(done.Response.Status is 200 or 201 or 204 or 404 or 409, done.Response.Text)
        );
        var accepted = responses
            .Where(done => done.Response.Status == 201)
            .ToDictionary(
                done => done.Response.Data(201).Id(),
                done => done.Response.Data(201).GetProperty("stake").GetDecimal()
            );
        var stored = await api.Database.QueryAsync<(Guid Id, decimal Stake)>(
            "SELECT id, stake FROM positions WHERE market_id = @id",
            new { id }
        );
        Assert.Equal(accepted.OrderBy(pair => pair.Key), stored.ToDictionary().OrderBy(pair => pair.Key));

        var market = (
            await api.Database.QueryAsync<(decimal Volume, long Revision)>(
                "SELECT volume, revision FROM markets WHERE id = @id",
                new { id }
            )
        ).SingleOrDefault();
        if (responses.Any(done => done.Response.Status == 204))
        {
            Assert.Empty(accepted);
            (await ReadAsync(id)).ShouldBeProblem(404, "Market not found");
        }
        else
        {
            Assert.Equal((accepted.Values.Sum(), accepted.Count), market);
            Assert.Equal(market.Volume, (await ReadAsync(id)).Data(200).GetProperty("volume").GetDecimal());
        }

        Assert.All(
            lanes,
            lane =>
            {
                var gone = lane.SkipWhile(done => done.Response.Status != 204).Skip(1);
                Assert.All(gone, done => Assert.Equal(404, done.Response.Status));
            }
        );
    }

    private async Task<List<(MarketStep Step, RawResponse Response)>> RunAsync(Guid id, IEnumerable<MarketStep> steps)
    {
        var done = new List<(MarketStep, RawResponse)>();
        foreach (var step in steps)
        {
            var response = await api.SendAsync(
                step.Method,
                $"/api/markets/{id}{step.Suffix}",
                step.Body,
                api.Moderator.Token
            );
            done.Add((step, response));
        }

        return done;
    }

    private Task<RawResponse> ReadAsync(Guid id) => api.SendAsync("GET", $"/api/markets/{id}", "");
}
