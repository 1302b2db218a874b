using System.Diagnostics;
using System.Globalization;
using System.Net;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Reliability;

public sealed class StopTests
{
    [Fact]
    public async Task A_request_in_flight_gets_its_response_before_the_program_stops()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var program = ProgramProcess.Start([], ("DATABASE_URL", database.ConnectionString));
        await program.UntilAsync("/health/ready");
        await using var other = await database.ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE markets IN ACCESS EXCLUSIVE MODE", other, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        var request = program.Client.GetAsync("/api/markets");
        await UntilOneWaitsAsync(database);
        await program.TerminateAsync();
        await Task.Delay(300);
        Assert.False(request.IsCompleted);
        await transaction.RollbackAsync();

        using var response = await request;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, await program.ExitAsync());
        Assert.Equal("", program.Error);
    }

    /// <remarks>A terminal that closes sends HUP.</remarks>
    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task It_also_stops_while_it_still_waits_for_its_database(string signal)
    {
        await using var program = ProgramProcess.Start([], ("DATABASE_URL", "Host=127.0.0.1;Port=1;Username=x"));
        await program.UntilAsync("/health/live");

        await program.TerminateAsync(signal);

        Assert.Equal(0, await program.ExitAsync());
    }

    [Fact]
    public async Task It_says_that_it_is_not_ready_and_serves_on_before_it_stops()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var program = await StartAsync(database, drainSeconds: 8);
        var readyAt = Stopwatch.GetTimestamp();
        await program.TerminateAsync();
        await program.UntilAsync("/health/ready", HttpStatusCode.ServiceUnavailable);

        using (var stopping = await program.Client.GetAsync("/health/ready"))
        {
            Assert.Contains(
                "\"error\":\"Service unavailable: stopping\"",
                await stopping.Content.ReadAsStringAsync(),
                StringComparison.Ordinal
            );
        }

        foreach (var path in (string[])["/api/markets", "/api/markets/none", "/health/live"])
        {
            using var response = await program.Client.GetAsync(path);
            Assert.NotEqual(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.True(response.Headers.ConnectionClose, $"{path} keeps its connection open.");
        }

        Assert.Equal(0, await program.ExitAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(readyAt).TotalSeconds, 8, 14);
        Assert.Equal("", program.Error);
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var program = await StartAsync(database, drainSeconds: 300);
        await program.TerminateAsync();
        await program.UntilAsync("/health/ready", HttpStatusCode.ServiceUnavailable);
        await Task.Delay(600);
        await program.TerminateAsync();

        Assert.Equal(143, await program.ExitAsync());
    }

    private static async Task<ProgramProcess> StartAsync(TestDatabase database, int drainSeconds)
    {
        var program = ProgramProcess.Start(
            [],
            ("DATABASE_URL", database.ConnectionString),
            ("Shutdown__DrainSeconds", drainSeconds.ToString(CultureInfo.InvariantCulture))
        );
        await program.UntilAsync("/health/ready");
        return program;
    }

    private static async Task UntilOneWaitsAsync(TestDatabase database)
    {
        const string sql = """
            SELECT count(*)
            FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'
            """;
        while ((await database.QueryAsync<long>(sql)).Single() == 0)
        {
            await Task.Delay(25);
        }
    }
}
