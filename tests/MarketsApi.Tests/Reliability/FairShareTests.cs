using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Dapper;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>One caller's burst, and what others notice of it.</summary>
[Collection(typeof(Alone))]
public sealed class FairShareTests(FairShareTests.ManyMarkets api) : IClassFixture<FairShareTests.ManyMarkets>
{
    private const int Burst = 100;
    private const int Reads = 200;

    [Fact]
    public async Task A_burst_that_the_database_can_t_serve_leaves_connections_to_others()
    {
        using var leaving = new CancellationTokenSource();
        await using var table = await HeldTable.LockAsync(api.Database);
        var burst = Enumerable
            .Range(1, Burst)
            .Select(i =>
                SendAsync($"/api/markets?offset={i}{(i % 2 == 0 ? "&count=true" : "")}", api.Alice, leaving.Token)
            )
            .ToList();
        await table.UntilWaitingAsync(ManyMarkets.ShareOfOne + ManyMarkets.DearOfOne);

        for (var i = 0; i < 20; i++)
        {
            using var response = await SendAsync("/api/jobs", api.Admin, Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await table.UntilWaitingAsync(ManyMarkets.ShareOfOne + ManyMarkets.DearOfOne);

        await leaving.CancelAsync();
        try
        {
            await Task.WhenAll(burst);
        }
        catch (OperationCanceledException)
        {
            // Most of the burst waits until it is cancelled.
        }
    }

    [Fact]
    public async Task A_burst_of_the_dearest_requests_hardly_slows_down_the_reads_of_others()
    {
        await ReadAsync(until: null); // compiles what is measured
        var quiet = await ReadAsync(until: null);

        var burst = Task.WhenAll(
            Enumerable
                .Range(0, Burst)
                .Select(i =>
                    SendAsync(
                        $"/api/markets?limit=100&sort=name&count=true&offset={900 + i}&minVolume=0.01&endsAfter=2000-01-01T00:00:00Z&endsBefore=2999-01-01T00:00:00Z",
                        api.Alice,
                        Cancel
                    )
                )
        );
        var beside = await ReadAsync(until: burst);
        var responses = await burst;
        var quietAgain = await ReadAsync(until: null);
        quiet = quiet > quietAgain ? quiet : quietAgain;

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"p99 {quiet.TotalMilliseconds} ms, beside a burst {beside.TotalMilliseconds} ms; of the burst {responses.Count(response => response.IsSuccessStatusCode)} were served"
        );
        // A machine that others use delays some reads by this much at any time.
        var bound = 10 * TimeSpan.FromMilliseconds(Math.Max(quiet.TotalMilliseconds, 15));
        Assert.True(beside < bound, $"p99 is {quiet} alone and {beside} beside a burst");
        foreach (var response in responses)
        {
            response.Dispose();
        }
    }

    [Fact]
    public async Task A_statement_takes_one_processor_however_many_rows_it_reads()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("TEST_PGBOUNCER") is not null,
            "A connection's own settings don't get through PgBouncer."
        );
        await using var connection = await api
            .Host.Services.GetRequiredService<NpgsqlDataSource>()
            .OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await connection.ExecuteAsync(
            "SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0"
        );

        var plan = await connection.QueryAsync<string>("EXPLAIN SELECT count(*) FROM markets WHERE volume >= 3");

        Assert.DoesNotContain("Gather", string.Join('\n', plan), StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Plain reads of Bob's, one after another; each is served.</summary>
    /// <returns>What 99 in 100 of them took at most.</returns>
    private async Task<TimeSpan> ReadAsync(Task? until)
    {
        var times = new List<TimeSpan>();
        while (until is null ? times.Count < Reads : !until.IsCompleted)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await SendAsync($"/api/markets?limit={times.Count % 20 + 1}", api.Bob, Cancel);
            times.Add(Stopwatch.GetElapsedTime(started));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        times.Sort();
        return times[(int)(times.Count * 0.99)];
    }

    private async Task<HttpResponseMessage> SendAsync(string path, User caller, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Token);
        return await api.Live.Client.SendAsync(request, cancellationToken);
    }

    /// <summary>A program that caches nothing, with as many markets as make a request dear.</summary>
    public sealed class ManyMarkets : ApiFixture
    {
        /// <summary>How many plain requests one caller can have in the database: half of the connections that aren't left for the health check.</summary>
        public const int ShareOfOne = 10;

        /// <summary>How many dear ones beside those.</summary>
        public const int DearOfOne = 2;

        /// <inheritdoc/>
        protected override int MaxConnections => 20;

        /// <inheritdoc/>
        protected override IReadOnlyDictionary<string, string> Settings { get; } =
            new Dictionary<string, string> { ["Caching:Enabled"] = "false" };

        /// <inheritdoc/>
        protected override Task PrepareAsync() =>
            Database.ExecuteAsync(
                """
                INSERT INTO users (id, display_name, created_at, updated_at)
                VALUES ('0190163d-8694-739b-aea5-966c26f8ad90', 'Many', now(), now());
                ALTER TABLE markets DISABLE TRIGGER USER;
                INSERT INTO markets (id, name, description, status, creator_id, created_at, updated_at, ends_at, volume, imported_volume)
                SELECT uuid_in(md5(i::text)::cstring), 'Market ' || i, '', 'active', '0190163d-8694-739b-aea5-966c26f8ad90',
                       now(), now(), now() + i * interval '1 minute', i % 1000, i % 1000
                FROM generate_series(1, 30000) AS i;
                ALTER TABLE markets ENABLE TRIGGER USER;
                ANALYZE markets;
                """
            );
    }
}
