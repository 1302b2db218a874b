using System.Text.Json;
using Dapper;
using MarketsApi.Features.ListJobs;
using MarketsApi.Infrastructure.Postgres;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Features.ListJobs;

public sealed class ListJobsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTime Start = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] States = ["queued", "running", "done", "failed"];
    private static readonly string[] Kinds = ["prune-jobs", "close-expired-markets"];

    [Fact]
    public async Task Pages_through_all_that_match_newest_first()
    {
        await api.Database.ExecuteAsync("DELETE FROM jobs");
        Guid[] markets = [Guid.NewGuid(), Guid.NewGuid()];
        var jobs = new List<(Guid Id, string State, string Kind, Guid Market)>();
        for (var number = 0; number < 48; number++)
        {
            var (state, kind, market) = (States[number % 4], Kinds[number / 4 % 2], markets[number / 8 % 2]);
            // Two at a time have the same time, so that ids must decide.
            var id = await api.AddJobAsync(state, Start.AddSeconds(number / 2), kind, market);
            jobs.Insert(0, (id, state, kind, market));
        }

        var ordered = await api.Database.QueryAsync<Guid>("SELECT id FROM jobs ORDER BY created_at DESC, id DESC");
        Assert.Equal(ordered, await IdsAsync("?limit=7"));
        foreach (var state in States)
        {
            await ShouldListAsync($"?limit=5&state={state}", job => job.State == state);
            await ShouldListAsync(
                $"?limit=5&state={state}&kind=prune-jobs",
                job => job.State == state && job.Kind == "prune-jobs"
            );
        }

        await ShouldListAsync("?limit=5&kind=close-expired-markets", job => job.Kind == "close-expired-markets");
        await ShouldListAsync($"?limit=5&marketId={markets[1]}", job => job.Market == markets[1]);
        await ShouldListAsync(
            $"?limit=1&marketId={markets[0]}&state=done&kind=prune-jobs",
            job => job is { State: "done", Kind: "prune-jobs" } && job.Market == markets[0]
        );
        Assert.Empty(await IdsAsync($"?marketId={Guid.NewGuid()}"));

        async Task ShouldListAsync(string query, Predicate<(Guid Id, string State, string Kind, Guid Market)> isIn)
        {
            var expected = jobs.FindAll(isIn).Select(job => job.Id).ToHashSet();
            Assert.True(expected.Count > 2);
            Assert.Equal(ordered.Where(expected.Contains), await IdsAsync(query));
        }
    }

    [Fact]
    public async Task A_page_reads_ranges_of_indexes_however_many_jobs_there_are()
    {
        await api.Database.ExecuteAsync(
            """
            INSERT INTO jobs (id, kind, state, market_id, created_at, run_at, finished_at)
            SELECT gen_random_uuid(), 'prune-jobs', 'done', gen_random_uuid(), '2020-01-01'::timestamptz + n * interval '1 s', now(), now()
            FROM generate_series(1, 20000) n
            """
        );
        await api.Database.ExecuteAsync("ANALYZE jobs");
        await using var connection = await api
            .Host.Services.GetRequiredService<NpgsqlDataSource>()
            .OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach (var (states, kind) in new[] { (States, false), (["done"], false), (["done"], true), (States, true) })
        {
            var sql = new SqlText(ListJobsSql.SelectByState)
                .AddIf(kind, ListJobsSql.OfKind)
                .AddAfter(hasCursor: true, new(ListJobsSql.After))
                .ToString()
                .Replace("@States", "$1", StringComparison.Ordinal)
                .Replace("@Kind", "$2", StringComparison.Ordinal)
                .Replace("@KeyTime", "$3", StringComparison.Ordinal)
                .Replace("@KeyId", "$4", StringComparison.Ordinal)
                .Replace("@Take", "$5", StringComparison.Ordinal);
            await connection.ExecuteAsync($"PREPARE list (text[], text, timestamptz, uuid, int) AS {sql}");
            var plan = await connection.QuerySingleAsync<string>(
                $"""
                EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE list (
                    '{"{"}{string.Join(',', states)}{"}"}', 'prune-jobs', '2020-01-01 03:00Z', '{Guid.Empty}', 21
                )
                """
            );
            await connection.ExecuteAsync("DEALLOCATE list");

            Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
            var root = JsonDocument.Parse(plan).RootElement[0].GetProperty("Plan");
            Assert.InRange(root.GetProperty("Shared Hit Blocks").GetInt32(), 1, 200);
        }
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?state=Done", "state")]
    [InlineData("?state=", "state")]
    [InlineData("?kind=nonsense", "kind")]
    [InlineData("?marketId=x", "marketId")]
    [InlineData("?cursor=abc", "cursor")]
    [InlineData("?offset=1", "offset")]
    [InlineData("?state=done&state=failed", "state")]
    public async Task Rejects_invalid_parameters(string query, string field)
    {
        var response = await api.SendAsync("GET", $"/api/jobs{query}", "", api.Admin.Token);
        response.ShouldBeProblem(400, "Validation failed", field);
    }

    [Fact]
    public async Task Rejects_a_cursor_of_another_list()
    {
        var market = Guid.NewGuid();
        await api.AddJobAsync("done", Start, market: market);
        await api.AddJobAsync("done", Start, market: market);
        var page = await api.SendAsync("GET", $"/api/jobs?limit=1&marketId={market}", "", api.Admin.Token);
        var cursor = page.Json.GetProperty("meta").Text("nextCursor");

        var response = await api.SendAsync("GET", $"/api/jobs?limit=1&cursor={cursor}", "", api.Admin.Token);
        response.ShouldBeProblem(400, "Validation failed", "cursor");
    }

    private async Task<List<Guid>> IdsAsync(string query)
    {
        var ids = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await api.SendAsync(
                "GET",
                $"/api/jobs{query}{(cursor is null ? "" : $"&cursor={cursor}")}",
                "",
                api.Admin.Token
            );
            ids.AddRange(page.Data(200).EnumerateArray().Select(job => job.Id()));
            cursor = page.Json.GetProperty("meta").Text("nextCursor");
        } while (cursor is not null);

        return ids;
    }
}
