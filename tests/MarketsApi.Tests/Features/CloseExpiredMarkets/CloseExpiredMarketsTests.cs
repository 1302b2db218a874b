using MarketsApi.Features.CloseExpiredMarkets;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Features.CloseExpiredMarkets;

public sealed class CloseExpiredMarketsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Closes_active_markets_past_their_end_and_no_caller_sees_them_active_afterwards()
    {
        var ends = DateTime.UtcNow.AddHours(1);
        var ending = (await api.CreateMarketAsync(body: ApiFixture.NewMarket(endsAt: ends))).Id();
        var later = (await api.CreateMarketAsync(body: ApiFixture.NewMarket(endsAt: ends.AddHours(2)))).Id();
        var draft = (await api.CreateMarketAsync(body: ApiFixture.NewMarket(status: "draft", endsAt: ends))).Id();
        var open = (await api.CreateMarketAsync()).Id();
        await api.Database.ExecuteAsync(
            "UPDATE markets SET ends_at = NULL, source = 's', external_id = 'x' WHERE id = @open",
            new { open }
        );
        // The cache holds the item and the list as they were.
        Assert.Equal("active", (await ReadAsync(ending)).Json.GetProperty("data").Text("status"));
        Assert.Contains($"{ending}", await ListActiveAsync(), StringComparison.Ordinal);

        api.Clock.Advance(TimeSpan.FromHours(2));
        await RunAsync();

        var response = await ReadAsync(ending);
        var market = response.Data(200);
        Assert.Equal(("closed", 2), (market.Text("status"), market.GetProperty("version").GetInt32()));
        Assert.Equal("\"2.0\"", response.Header("ETag"));
        Assert.True(market.GetProperty("updatedAt").GetDateTime() >= ends);
        Assert.DoesNotContain($"{ending}", await ListActiveAsync(), StringComparison.Ordinal);
        foreach (var (id, status) in new[] { (later, "active"), (draft, "draft"), (open, "active") })
        {
            market = (await ReadAsync(id)).Data(200);
            Assert.Equal((status, 1), (market.Text("status"), market.GetProperty("version").GetInt32()));
        }
    }

    [Fact]
    public async Task Closes_any_number_and_skips_markets_that_are_being_changed()
    {
        var id = (await api.CreateMarketAsync()).Id();
        await api.Database.ExecuteAsync(
            """
            INSERT INTO markets (id, name, description, status, ends_at, created_at, updated_at, creator_id)
            SELECT gen_random_uuid(), 'Market ' || n, '', 'active', now() - n * interval '1 s', now(), now(), creator_id
            FROM markets, generate_series(1, 1000) n
            WHERE id = @id
            """,
            new { id }
        );
        await using var connection = await api.Database.ConnectAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var command = new NpgsqlCommand(
                "SELECT FROM markets WHERE name = 'Market 500' FOR UPDATE",
                connection,
                transaction
            );
            await command.ExecuteNonQueryAsync();
            await RunAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(["Market 500"], await ExpiredAsync());
        await RunAsync();
        Assert.Empty(await ExpiredAsync());
    }

    [Fact]
    public async Task Finds_them_without_looking_at_the_others()
    {
        await api.Database.ExecuteAsync("ANALYZE markets");
        await using var connection = await api
            .Host.Services.GetRequiredService<NpgsqlDataSource>()
            .OpenConnectionAsync(TestContext.Current.CancellationToken);
        var sql = CloseExpiredMarketsSql
            .Select.Replace("@Now", "$1", StringComparison.Ordinal)
            .Replace("@Limit", "$2", StringComparison.Ordinal);
        await using var command = new NpgsqlCommand(
            $"SET enable_seqscan = off; PREPARE expired (timestamptz, int) AS {sql}; EXPLAIN EXECUTE expired (now(), 200); DEALLOCATE expired; RESET enable_seqscan",
            connection
        );
        var plan = "";
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                plan += reader.GetString(0) + "\n";
            }
        }

        Assert.Contains("using markets_of_status_by_ends_at_with_filters ", plan, StringComparison.Ordinal);
        Assert.Matches(@"Index Cond: \(\(status = 'active'::text\) AND \(ends_at", plan);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
    }

    private Task<RawResponse> ReadAsync(Guid id) => api.SendAsync("GET", $"/api/markets/{id}", "");

    private async Task<string> ListActiveAsync() =>
        (await api.SendAsync("GET", "/api/markets?status=active&limit=100", "")).Text;

    private Task<IReadOnlyList<string>> ExpiredAsync() =>
        api.Database.QueryAsync<string>("SELECT name FROM markets WHERE status = 'active' AND ends_at < now()");

    private Task RunAsync() =>
        api
            .Host.Services.GetServices<IJob>()
            .OfType<CloseExpiredMarketsJob>()
            .Single()
            .RunAsync(new JobRun(Guid.NewGuid(), null, 1), CancellationToken.None);
}
