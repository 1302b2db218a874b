using System.Text.Json;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Infrastructure.Idempotency;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.OpenPosition;

/// <summary>What positions make of a market's price, what they are quoted, and what they are paid.</summary>
public sealed class OpenPositionPriceTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_market_says_its_pool_and_probability_wherever_it_is_read()
    {
        var market = await api.CreateMarketAsync();
        ShouldShow(market, """{"yes":0.00,"no":0.00}""", "null");
        Assert.Equal("pool", market.Text("mechanism"));
        Assert.Equal("null", market.GetProperty("resolvedAt").GetRawText());
        await ReadAsync(market.Id());

        var first = await OpenAsync(market.Id(), "yes", "30");
        ShouldShow(await ReadAsync(market.Id()), """{"yes":30.00,"no":0.00}""", "1.0000");
        var second = await OpenAsync(market.Id(), "no", "60.01");

        Assert.Equal("1.0000", first.GetProperty("probability").GetRawText());
        Assert.Equal("0.3333", second.GetProperty("probability").GetRawText());
        Assert.Equal("null", second.GetProperty("payout").GetRawText());
        Assert.Equal("null", second.GetProperty("profit").GetRawText());
        const string pool = """{"yes":30.00,"no":60.01}""";
        ShouldShow(await ReadAsync(market.Id()), pool, "0.3333");
        var name = Uri.EscapeDataString(market.Text("name")!);
        string[] lists =
        [
            $"/api/markets?ids={market.Id()}",
            $"/api/markets?ids={market.Id()}&count=true",
            $"/api/markets/search?q={name}",
        ];
        foreach (var list in lists)
        {
            var response = await api.SendAsync("GET", list, "");
            ShouldShow(response.Data(200).EnumerateArray().First(item => item.Id() == market.Id()), pool, "0.3333");
        }

        await api.ReindexAsync();
        api.Clock.Advance(TimeSpan.FromSeconds(2)); // vectors that another process has made are seen after a second
        var other = await api.CreateMarketAsync(body: ApiFixture.NewMarket(market.Text("name")));
        var similar = await api.SendAsync("GET", $"/api/markets/{other.Id()}/similar", "");
        ShouldShow(similar.Data(200).EnumerateArray().First(item => item.Id() == market.Id()), pool, "0.3333");
    }

    [Fact]
    public async Task An_initial_position_is_the_whole_pool()
    {
        var market = await api.CreateMarketAsync(
            body: new
            {
                name = "Will it?",
                endsAt = "2099-01-01T00:00:00Z",
                initialPosition = new { outcome = "no", stake = 2.5 },
            }
        );

        ShouldShow(market, """{"yes":0.00,"no":2.50}""", "0.0000");
        Assert.Equal((await ReadAsync(market.Id())).GetRawText(), market.GetRawText());
        var positions = await PositionsAsync(market.Id());
        Assert.Equal("0.0000", Assert.Single(positions).GetProperty("probability").GetRawText());
        await OpenAsync(market.Id(), "no", "1");
        Assert.Equal([0m, 2.50m], await TilesAsync(market.Id()));
    }

    [Theory]
    [InlineData("yes", "yes 30, yes 70, no 50", "45.00 105.00 0.00")]
    [InlineData("no", "yes 30, yes 70, no 50", "0.00 0.00 150.00")]
    [InlineData("yes", "yes 0.01, yes 0.01, yes 0.01, no 0.01", "0.01 0.01 0.02 0.00")]
    [InlineData("no", "yes 12.34, yes 0.01", "12.34 0.01")]
    [InlineData("yes", "yes 12.34, yes 0.01", "12.34 0.01")]
    [InlineData(null, "yes 30, no 50", "30.00 50.00")]
    [InlineData("yes", "", "")]
    public async Task A_settled_market_pays_to_the_cent(string? outcome, string stakes, string payouts)
    {
        var market = await api.CreateMarketAsync();
        foreach (var stake in stakes.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            await OpenAsync(market.Id(), stake.Split(' ')[0], stake.Split(' ')[1]);
            api.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await PatchAsync(market.Id(), """{"status":"closed"}""");
        Assert.All(await api.PayoutsAsync(market.Id()), payout => Assert.Equal("null", payout));
        var settled = await PatchAsync(
            market.Id(),
            outcome is null ? """{"status":"cancelled"}""" : $$"""{"status":"resolved","outcome":"{{outcome}}"}"""
        );

        Assert.Equal(settled.Text("updatedAt"), settled.Text("resolvedAt"));
        Assert.Equal(settled.Text("resolvedAt"), (await ReadAsync(market.Id())).Text("resolvedAt"));
        var positions = (await PositionsAsync(market.Id())).Reverse().ToList();
        Assert.Equal(payouts, string.Join(' ', positions.Select(item => item.GetProperty("payout").GetRawText())));
        Assert.All(
            positions,
            item =>
                Assert.Equal(
                    item.GetProperty("payout").GetDecimal() - item.GetProperty("stake").GetDecimal(),
                    item.GetProperty("profit").GetDecimal()
                )
        );
        var renamed = await PatchAsync(market.Id(), """{"description":"As it came out"}""");
        Assert.Equal(settled.Text("resolvedAt"), renamed.Text("resolvedAt"));
    }

    [Fact]
    public async Task A_dry_run_says_what_the_position_would_do_and_stores_nothing()
    {
        var market = await api.CreateMarketAsync();
        var stranger = User.New();

        var first = await QuoteAsync(market.Id(), """{"outcome":"yes","stake":30}""", stranger);
        Assert.Equal(
            """{"outcome":"yes","stake":30.00,"probabilityBefore":null,"probabilityAfter":1.0000,"payoutIfRight":30.00}""",
            first.Data(200).GetRawText()
        );
        Assert.Empty(await api.Database.QueryAsync<Guid>("SELECT id FROM users WHERE id = @Id", new { stranger.Id }));
        await OpenAsync(market.Id(), "yes", "30");
        await OpenAsync(market.Id(), "no", "50");
        var before = await ReadAsync(market.Id());
        var quote = (await QuoteAsync(market.Id(), """{"outcome":"yes","stake":70}""")).Data(200);

        Assert.Equal(
            """{"outcome":"yes","stake":70.00,"probabilityBefore":0.3750,"probabilityAfter":0.6667,"payoutIfRight":105.00}""",
            quote.GetRawText()
        );
        Assert.Equal(before.GetRawText(), (await ReadAsync(market.Id())).GetRawText());
        var opened = await OpenAsync(market.Id(), "yes", "70");
        Assert.Equal(
            quote.GetProperty("probabilityAfter").GetRawText(),
            opened.GetProperty("probability").GetRawText()
        );
        await PatchAsync(market.Id(), """{"status":"closed"}""");
        await PatchAsync(market.Id(), """{"status":"resolved","outcome":"yes"}""");
        var paid = (await PositionsAsync(market.Id())).Single(item => item.Id() == opened.Id());
        Assert.Equal(quote.GetProperty("payoutIfRight").GetRawText(), paid.GetProperty("payout").GetRawText());
    }

    [Fact]
    public async Task A_dry_run_checks_what_the_position_itself_is_checked_for()
    {
        const string good = """{"outcome":"yes","stake":5}""";
        var market = await api.CreateMarketAsync();
        var draft = await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket(status: "draft"));
        var full = await api.CreateMarketAsync();
        await api.Database.ExecuteAsync(
            "UPDATE markets SET volume = 9999999999999999.98, imported_volume = 9999999999999999.98 WHERE id = @id",
            new { id = full.Id() }
        );
        var ended = await api.CreateMarketAsync();
        await api.Database.ExecuteAsync(
            "UPDATE markets SET ends_at = now() - interval '1 second' WHERE id = @id",
            new { id = ended.Id() }
        );
        var closed = await api.CreateMarketAsync();
        await PatchAsync(closed.Id(), """{"status":"closed"}""");
        (Guid Id, string Body, User User)[] requests =
        [
            (market.Id(), """{"outcome":"maybe","stake":0}""", api.Alice),
            (market.Id(), """{"outcome":"yes","stake":5,"note":""}""", api.Alice),
            (market.Id(), good, User.New("guest")),
            (Guid.NewGuid(), good, api.Alice),
            (draft.Id(), good, api.Bob),
            (draft.Id(), good, api.Alice),
            (full.Id(), good, api.Alice),
            (ended.Id(), good, api.Alice),
            (closed.Id(), good, api.Alice),
        ];
        foreach (var (id, body, user) in requests)
        {
            var real = await api.SendAsync("POST", $"/api/markets/{id}/positions", body, user.Token);
            var dry = await QuoteAsync(id, body, user);

            Assert.InRange(real.Status, 400, 499);
            Assert.Equal(real.Status, dry.Status);
            Assert.Equal(real.Json.Text("error"), dry.Json.Text("error"));
            Assert.Equal(Details(real), Details(dry));
        }

        static string? Details(RawResponse response) =>
            response.Json.TryGetProperty("details", out var details) ? details.GetRawText() : null;
    }

    [Theory]
    [InlineData("?dryRun=yes")]
    [InlineData("?dryRun=")]
    [InlineData("?dryRun=True")]
    [InlineData("?dryrun=true")]
    [InlineData("?dryRun=true&dryRun=true")]
    public async Task A_dry_run_is_asked_for_by_true(string query)
    {
        var market = await api.CreateMarketAsync();

        var response = await api.SendAsync(
            "POST",
            $"/api/markets/{market.Id()}/positions{query}",
            """{"outcome":"yes","stake":5}"""
        );

        Assert.Equal(400, response.Status);
        Assert.Empty(await PositionsAsync(market.Id()));
    }

    [Fact]
    public async Task A_dry_run_leaves_its_key_to_the_position()
    {
        var market = await api.CreateMarketAsync();
        var (url, key) = ($"/api/markets/{market.Id()}/positions", KeyedRequests.NewKey());
        const string body = """{"outcome":"yes","stake":5}""";

        var dry = await api.Live.Client.PostAsync(url + "?dryRun=true", body, api.Alice, key);
        var real = await api.Live.Client.PostAsync(url + "?dryRun=false", body, api.Alice, key);
        var again = await api.Live.Client.PostAsync(url, body, api.Alice, key);

        Assert.Equal((200, 201), (dry.Status, real.Status));
        again.ShouldReplay(real);
        Assert.Single(await PositionsAsync(market.Id()));
    }

    [Fact]
    public async Task A_creator_opens_it_again_until_others_have_staked()
    {
        var market = await api.CreateMarketAsync(api.Alice);
        await OpenAsync(market.Id(), "yes", "5", api.Alice);
        await PatchAsync(market.Id(), """{"status":"closed"}""");
        Assert.Equal("active", (await PatchAsync(market.Id(), """{"status":"active"}""")).Text("status"));
        await OpenAsync(market.Id(), "no", "5", api.Bob);
        await PatchAsync(market.Id(), """{"status":"closed"}""");

        var rejected = await api.PatchMarketAsync(market.Id(), new { status = "active" }, ifMatch: "\"1\"");
        Assert.Equal(
            "Others have staked on the market, so only a moderator or an admin can open it again.",
            rejected.ShouldBeProblem(403, "Insufficient permissions").Text("detail")
        );
        Assert.Equal(200, (await api.PatchMarketAsync(market.Id(), new { description = "Closed" })).Status());
        var opened = await api.PatchMarketAsync(market.Id(), new { status = "active" }, api.Moderator);
        Assert.Equal("active", opened.Data().Text("status"));
    }

    [Fact]
    public async Task A_creator_gives_a_market_that_has_ended_no_later_end_once_others_have_staked()
    {
        var endsAt = api.Clock.GetUtcNow().UtcDateTime.AddHours(1);
        var market = await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket(endsAt: endsAt));
        await OpenAsync(market.Id(), "no", "5", api.Bob);
        var later = new { endsAt = endsAt.AddHours(5) };
        Assert.Equal(200, (await api.PatchMarketAsync(market.Id(), new { endsAt = endsAt.AddMinutes(1) })).Status());
        api.Clock.Advance(TimeSpan.FromHours(2));

        (await api.PatchMarketAsync(market.Id(), later)).ShouldBeProblem(403, "Insufficient permissions");
        Assert.Equal(200, (await api.PatchMarketAsync(market.Id(), later, api.Moderator)).Status());
    }

    private static void ShouldShow(JsonElement market, string pool, string probability)
    {
        Assert.Equal(pool, market.GetProperty("pool").GetRawText());
        Assert.Equal(probability, market.GetProperty("probability").GetRawText());
    }

    private async Task<JsonElement> OpenAsync(Guid id, string outcome, string stake, User? user = null) =>
        (
            await api.SendAsync(
                "POST",
                $"/api/markets/{id}/positions",
                $$"""{"outcome":"{{outcome}}","stake":{{stake}}}""",
                user?.Token
            )
        ).Data(201);

    private Task<RawResponse> QuoteAsync(Guid id, string body, User? user = null) =>
        api.SendAsync("POST", $"/api/markets/{id}/positions?dryRun=true", body, user?.Token);

    private async Task<JsonElement> PatchAsync(Guid id, string body) =>
        (await api.SendAsync("PATCH", $"/api/markets/{id}", body)).Data(200);

    private async Task<JsonElement> ReadAsync(Guid id) =>
        (await api.SendAsync("GET", $"/api/markets/{id}", "")).Data(200);

    private async Task<IReadOnlyList<JsonElement>> PositionsAsync(Guid id) =>
        [.. (await api.SendAsync("GET", $"/api/markets/{id}/positions?limit=100", "")).Data(200).EnumerateArray()];

    private Task<IReadOnlyList<decimal>> TilesAsync(Guid id) =>
        api.Database.QueryAsync<decimal>(
            "SELECT stakes_before FROM positions WHERE market_id = @id ORDER BY stakes_before",
            new { id }
        );
}
