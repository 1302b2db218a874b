using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Infrastructure.Idempotency;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.CreateMarket;

/// <summary>A market that begins with a position.</summary>
public sealed class CreateMarketPositionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Market = "{\"name\":\"Will it?\",\"endsAt\":\"2099-01-01T00:00:00Z\",";

    [Fact]
    public async Task Makes_both_at_once()
    {
        var creator = User.New(name: "Cleo");

        var response = await api.SendAsync(
            "POST",
            "/api/markets",
            Market + "\"initialPosition\":{\"outcome\":\"yes\",\"stake\":250}}",
            creator.Token
        );

        var market = response.Data(201);
        Assert.Equal("250.00", market.GetProperty("volume").GetRawText());
        Assert.Equal(1, market.GetProperty("version").GetInt64());
        var read = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{market.Id()}");
            s.Header("ETag").SingleValueShouldEqual("\"1.1\"");
        });
        Assert.Equal(market.GetRawText(), read.Data().GetRawText());
        var positions = await api.SendAsync("GET", $"/api/markets/{market.Id()}/positions", "");
        var position = Assert.Single(positions.Data(200).EnumerateArray().ToList());
        Assert.Equal("yes", position.Text("outcome"));
        Assert.Equal("250.00", position.GetProperty("stake").GetRawText());
        Assert.Equal(creator.Id, position.GetProperty("user").Id());
        Assert.Equal("Cleo", position.GetProperty("user").Text("displayName"));
    }

    [Fact]
    public async Task Treats_null_as_no_position()
    {
        var response = await api.SendAsync("POST", "/api/markets", Market + "\"initialPosition\":null}");

        Assert.Equal("0.00", response.Data(201).GetProperty("volume").GetRawText());
    }

    [Theory]
    [InlineData("{}", "initialPosition.outcome,initialPosition.stake")]
    [InlineData("""{"outcome":"yes","stake":0}""", "initialPosition.stake")]
    [InlineData("""{"outcome":"YES","stake":5.555}""", "initialPosition.outcome,initialPosition.stake")]
    [InlineData("""{"outcome":"yes","stake":5,"id":1}""", "$.initialPosition.id")]
    [InlineData("""{"outcome":"yes","stake":5.0000000000000000000000000000000000000001}""", "initialPosition.stake")]
    [InlineData("5", "$.initialPosition")]
    public async Task Stores_nothing_when_the_position_is_wrong(string position, string fields)
    {
        var stranger = User.New();

        var response = await api.SendAsync(
            "POST",
            "/api/markets",
            $"{Market}\"initialPosition\":{position}}}",
            stranger.Token
        );

        response.ShouldBeProblem(400, "Validation failed", fields.Split(','));
        Assert.Empty(await api.Database.QueryAsync<Guid>("SELECT id FROM users WHERE id = @Id", new { stranger.Id }));
    }

    [Fact]
    public async Task Rejects_a_position_on_a_draft()
    {
        var response = await api.SendAsync(
            "POST",
            "/api/markets",
            Market + "\"status\":\"draft\",\"initialPosition\":{\"outcome\":\"yes\",\"stake\":5}}"
        );

        response.ShouldBeProblem(400, "Validation failed", "initialPosition");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stores_nothing_when_the_position_can_t_be_stored(bool isKeyed)
    {
        var stranger = User.New();
        string[] keys = isKeyed ? [KeyedRequests.NewKey()] : [];
        const string body = Market + "\"initialPosition\":{\"outcome\":\"yes\",\"stake\":987654.32}}";
        await api.Database.ExecuteAsync(
            "ALTER TABLE positions ADD CONSTRAINT made_to_fail CHECK (stake <> 987654.32) NOT VALID"
        );
        var before = await CountAsync();

        var failed = await api.Live.Client.PostAsync("/api/markets", body, stranger, keys);
        var after = await CountAsync();
        await api.Database.ExecuteAsync("ALTER TABLE positions DROP CONSTRAINT made_to_fail");
        var repeated = await api.Live.Client.PostAsync("/api/markets", body, stranger, keys);

        failed.ShouldBeProblem(500, "internal-error");
        Assert.Equal(before, after);
        Assert.Equal(201, repeated.Status);
        Assert.Null(repeated.Replayed);

        Task<IReadOnlyList<(long, long, long, long, long)>> CountAsync() =>
            api.Database.QueryAsync<(long, long, long, long, long)>(
                """
                SELECT (SELECT count(*) FROM markets),
                       (SELECT count(*) FROM users),
                       (SELECT count(*) FROM positions),
                       (SELECT count(*) FROM jobs),
                       (SELECT count(*) FROM idempotency_keys)
                """
            );
    }
}
