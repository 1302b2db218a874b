using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Transactions that the server undoes because of another one, and requests whose caller has left.</summary>
public sealed class ConflictTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task A_write_that_the_server_undid_is_done_again_and_once(string sqlState)
    {
        var market = await api.CreateMarketAsync();
        await FailWritesAsync(sqlState, times: 2);

        var result = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(api.Alice.Token);
            s.Patch.Json(new { name = "Changed after two conflicts" }).ToUrl($"/api/markets/{market.Id()}");
        });
        await FailWritesAsync(sqlState, times: 2);
        var created = await api.CreateMarketAsync();

        Assert.Equal(2, result.Data().GetProperty("version").GetInt32());
        Assert.Equal(1, created.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task A_write_that_conflicts_for_ever_is_503_and_leaves_nothing()
    {
        await FailWritesAsync("40001", times: 1_000);

        var result = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(api.Alice.Token);
            s.Post.Json(ApiFixture.NewMarket("Never written")).ToUrl("/api/markets");
            s.StatusCodeShouldBe(503);
            s.Header("Retry-After").ShouldHaveValues();
        });
        await FailWritesAsync("40001", times: 0);

        result.ShouldBeProblem(503, "Service unavailable");
        Assert.Empty(await api.Database.QueryAsync<Guid>("SELECT id FROM markets WHERE name = 'Never written'"));
    }

    [Fact]
    public async Task An_error_of_the_statement_itself_is_not_tried_again()
    {
        await FailWritesAsync("22012", times: 1);

        await api.Host.Scenario(s =>
        {
            s.WithBearerToken(api.Alice.Token);
            s.Post.Json(ApiFixture.NewMarket()).ToUrl("/api/markets");
            s.StatusCodeShouldBe(500);
        });
    }

    [Fact]
    public async Task A_request_that_its_caller_gives_up_cancels_its_statement()
    {
        await using var other = await api.Database.ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE markets IN ACCESS EXCLUSIVE MODE", other, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        using var giveUp = new CancellationTokenSource();
        var request = api.Live.Client.GetAsync("/api/markets", giveUp.Token);
        Assert.True(await WaitersBecomeAsync(1), "the request never reached the database");
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.True(await WaitersBecomeAsync(0), "the statement runs on although its caller has left");
    }

    [Fact]
    public async Task Concurrent_changes_of_one_market_all_happen_one_after_the_other()
    {
        var market = await api.CreateMarketAsync();

        var statuses = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async i =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/markets/{market.Id()}");
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", api.Alice.Token);
                    request.Content = JsonContent.Create(new { name = $"Change number {i}" });
                    using var response = await api.Live.Client.SendAsync(request);
                    return (int)response.StatusCode;
                })
        );

        Assert.All(statuses, status => Assert.Equal(200, status));
        var version = await api.Database.QueryAsync<long>(
            "SELECT version FROM markets WHERE id = @id",
            new { id = market.Id() }
        );
        Assert.Equal([21], version);
    }

    private async Task<bool> WaitersBecomeAsync(int number)
    {
        const string sql = """
            SELECT count(*)
            FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'
            """;
        // Well below the command timeout, which would end the statement as well.
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5))
        {
            if ((await api.Database.QueryAsync<long>(sql)).Single() == number)
            {
                return true;
            }

            await Task.Delay(25);
        }

        return false;
    }

    /// <summary>Makes the next writes of markets fail with this state; the count is a sequence's, which outlives a rollback.</summary>
    private Task<int> FailWritesAsync(string sqlState, int times) =>
        api.Database.ExecuteAsync(
            $"""
            DROP TRIGGER IF EXISTS fail ON markets;
            DROP SEQUENCE IF EXISTS fail_tries;
            CREATE SEQUENCE fail_tries;
            CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('fail_tries') <= {times} THEN
                    RAISE EXCEPTION 'made to fail' USING ERRCODE = '{sqlState}';
                END IF;
                RETURN NEW;
            END
            $$;
            CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON markets FOR EACH ROW EXECUTE FUNCTION fail();
            """
        );
}
