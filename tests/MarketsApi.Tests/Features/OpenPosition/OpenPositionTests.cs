using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.OpenPosition;

public sealed class OpenPositionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Returns_the_position_and_adds_it_to_the_volume_at_once()
    {
        var market = await api.CreateMarketAsync();
        await ReadAsync(market.Id());

        var response = await OpenAsync(market.Id(), """{"outcome":"no","stake":12.5}""", api.Bob);

        var position = response.Data(201);
        Assert.Equal(
            ["createdAt", "id", "marketId", "outcome", "payout", "probability", "profit", "stake", "user"],
            position.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(7, position.Id().Version);
        Assert.Equal(market.Id(), position.GetProperty("marketId").GetGuid());
        Assert.Equal("no", position.Text("outcome"));
        Assert.Equal("12.50", position.GetProperty("stake").GetRawText());
        Assert.Equal(api.Bob.Id, position.GetProperty("user").Id());
        Assert.Equal("Bob", position.GetProperty("user").Text("displayName"));

        await OpenAsync(market.Id(), """{"outcome":"yes","stake":0.01}""", api.Alice);
        var after = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{market.Id()}");
            s.Header("ETag").SingleValueShouldEqual("\"1.2\"");
        });
        Assert.Equal("12.51", after.Data().GetProperty("volume").GetRawText());
        Assert.Equal(1, after.Data().GetProperty("version").GetInt64());
        Assert.Equal(market.Text("updatedAt"), after.Data().Text("updatedAt"));
        var list = await api.SendAsync("GET", $"/api/markets?ids={market.Id()}", "");
        Assert.Equal("12.51", list.Data(200)[0].GetProperty("volume").GetRawText());
    }

    [Theory]
    [InlineData("5.000", "5.00")]
    [InlineData("1e2", "100.00")]
    [InlineData("1000000", "1000000.00")]
    [InlineData("0.010", "0.01")]
    [InlineData("5.0000000000000000000000000000000000000000", "5.00")]
    [InlineData("100000000000000000000000000000000000000e-38", "1.00")]
    public async Task Takes_a_stake_in_any_spelling_of_two_decimals(string sent, string stored)
    {
        var market = await api.CreateMarketAsync();

        var response = await OpenAsync(market.Id(), $$"""{"outcome":"yes","stake":{{sent}}}""");

        Assert.Equal(stored, response.Data(201).GetProperty("stake").GetRawText());
        Assert.Equal(stored, (await ReadAsync(market.Id())).Data(200).GetProperty("volume").GetRawText());
    }

    [Theory]
    [InlineData("""{"outcome":"yes"}""", "stake")]
    [InlineData("""{"stake":5}""", "outcome")]
    [InlineData("""{}""", "outcome,stake")]
    [InlineData("""{"outcome":"Yes","stake":5}""", "outcome")]
    [InlineData("""{"outcome":"maybe","stake":0}""", "outcome,stake")]
    [InlineData("""{"outcome":"yes","stake":0.009}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":-5}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":1000000.01}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":5.001}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":5.0000000000000000000000000000000000000001}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":50000000000000000000000000000000000000001e-40}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":1000000.0000000000000000000000000000000001}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":0.0099999999999999999999999999999999999999}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":0.01000000000000000000000000001}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":"5"}""", "$.stake")]
    [InlineData("""{"outcome":"maybe","stake":1e400}""", "outcome,stake")]
    [InlineData("""{"outcome":"yes","stake":-1e400}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":79228162514264337593543950336}""", "stake")]
    [InlineData("""{"outcome":"yes","stake":5,"user":1}""", "$.user")]
    public async Task Rejects_an_invalid_position(string body, string fields)
    {
        var market = await api.CreateMarketAsync();

        var response = await OpenAsync(market.Id(), body);

        response.ShouldBeProblem(400, "Validation failed", fields.Split(','));
        Assert.Equal("0.00", (await ReadAsync(market.Id())).Data(200).GetProperty("volume").GetRawText());
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("resolved")]
    [InlineData("cancelled")]
    public async Task Rejects_a_market_that_is_not_active(string status)
    {
        var market = await api.CreateMarketAsync();
        await api.SendAsync(
            "PATCH",
            Url(market.Id()),
            $$"""{"status":"{{(status == "cancelled" ? status : "closed")}}"}"""
        );
        if (status == "resolved")
        {
            await api.SendAsync("PATCH", Url(market.Id()), """{"status":"resolved","outcome":"yes"}""");
        }

        var response = await OpenAsync(market.Id(), """{"outcome":"yes","stake":5}""");

        response.ShouldBeProblem(409, $"The market is {status} and takes no positions; only an active one does");
    }

    [Fact]
    public async Task Rejects_a_market_past_its_end_even_before_it_is_closed()
    {
        var market = await api.CreateMarketAsync();
        await api.Database.ExecuteAsync(
            "UPDATE markets SET ends_at = now() - interval '1 second' WHERE id = @id",
            new { id = market.Id() }
        );

        var response = await OpenAsync(market.Id(), """{"outcome":"yes","stake":5}""");

        response.ShouldBeProblem(409, "The market's endsAt has passed, so it takes no more positions");
    }

    [Fact]
    public async Task Takes_positions_on_an_open_ended_market()
    {
        var market = await api.CreateMarketAsync();
        await api.Database.ExecuteAsync(
            "UPDATE markets SET ends_at = NULL, source = 'test', external_id = id::text WHERE id = @id",
            new { id = market.Id() }
        );

        (await OpenAsync(market.Id(), """{"outcome":"yes","stake":5}""")).Data(201);
    }

    [Fact]
    public async Task Rejects_its_creator_s_position_on_a_draft_and_hides_the_draft_from_others()
    {
        var draft = await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket(status: "draft"));

        (await OpenAsync(draft.Id(), """{"outcome":"yes","stake":5}""")).ShouldBeProblem(
            409,
            "A draft takes no positions; make it active first"
        );
        (await OpenAsync(draft.Id(), """{"outcome":"yes","stake":5}""", api.Bob)).ShouldBeProblem(
            404,
            "Market not found"
        );
    }

    [Theory]
    [InlineData("00000000-0000-7000-8000-000000000000")]
    [InlineData("nonsense")]
    public async Task Returns_404_for_any_other_id(string id) =>
        (
            await api.SendAsync("POST", $"/api/markets/{id}/positions", """{"outcome":"yes","stake":5}""")
        ).ShouldBeProblem(404, "Market not found");

    [Fact]
    public async Task Rejects_a_stake_that_the_volume_can_t_hold()
    {
        var market = await api.CreateMarketAsync();
        await api.Database.ExecuteAsync(
            "UPDATE markets SET volume = 9999999999999999.98, imported_volume = 9999999999999999.98 WHERE id = @id",
            new { id = market.Id() }
        );

        (await OpenAsync(market.Id(), """{"outcome":"yes","stake":0.02}""")).ShouldBeProblem(
            409,
            "The market's volume can't grow by as much as this stake; stake less"
        );
        (await OpenAsync(market.Id(), """{"outcome":"yes","stake":0.01}""")).Data(201);
    }

    [Fact]
    public async Task Stores_nothing_of_a_new_user_whose_position_it_rejects()
    {
        var market = await api.CreateMarketAsync();
        await api.SendAsync("PATCH", Url(market.Id()), """{"status":"closed"}""");
        var stranger = User.New();

        Assert.Equal(409, (await OpenAsync(market.Id(), """{"outcome":"yes","stake":5}""", stranger)).Status);

        Assert.Empty(await api.Database.QueryAsync<Guid>("SELECT id FROM users WHERE id = @Id", new { stranger.Id }));
    }

    [Fact]
    public async Task Adds_up_exactly_under_concurrent_changes_of_the_market()
    {
        var market = await api.CreateMarketAsync();
        // On a busy machine the close below may come before all others.
        var first = await OpenAsync(market.Id(), """{"outcome":"yes","stake":1.01}""", User.New());
        var work = Enumerable
            .Range(1, 59)
            .Select(number =>
                number % 10 == 9 ? api.SendAsync("PATCH", Url(market.Id()), $$"""{"description":"Edit {{number}}"}""")
                : number == 45 ? api.SendAsync("PATCH", Url(market.Id()), """{"status":"closed"}""")
                : OpenAsync(market.Id(), $$"""{"outcome":"yes","stake":{{number + 1}}.01}""", User.New())
            );

        RawResponse[] responses = [first, .. await Task.WhenAll(work)];

        Assert.All(responses, response => Assert.True(response.Status is 200 or 201 or 409, response.Text));
        var accepted = responses
            .Where(response => response.Status == 201)
            .Select(response => response.Data(201))
            .ToDictionary(position => position.Id(), position => position.GetProperty("stake").GetDecimal());
        Assert.NotEmpty(accepted);
        var volume = (await ReadAsync(market.Id())).Data(200).GetProperty("volume").GetDecimal();
        Assert.Equal(accepted.Values.Sum(), volume);
        var listed = await api.SendAsync("GET", $"/api/markets/{market.Id()}/positions?limit=100", "");
        Assert.Equal(accepted.Keys.Order(), listed.Data(200).EnumerateArray().Select(item => item.Id()).Order());
    }

    private static string Url(Guid id) => $"/api/markets/{id}";

    private Task<RawResponse> OpenAsync(Guid id, string body, User? user = null) =>
        api.SendAsync("POST", $"/api/markets/{id}/positions", body, user?.Token);

    private Task<RawResponse> ReadAsync(Guid id) => api.SendAsync("GET", Url(id), "");
}
