using System.Text;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

/// <summary>An import that is stopped after its commit.</summary>
public sealed class ImportMarketsStopTests
{
    private const int Many = 1000;
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_what_was_imported_when_it_is_stopped_while_statistics_are_refreshed()
    {
        await using var database = await TestDatabase.CreateAsync();
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");
        var lines = new StringBuilder();
        for (var i = 0; i < Many; i++)
        {
            lines.Append(
                $$"""{"externalId":"{{i}}","source":"test","name":"Will number {{i}} stay?","endsAt":"2099-01-01T00:00:00Z"}"""
            );
            lines.Append('\n');
        }

        await File.WriteAllTextAsync(path, lines.ToString(), Token);
        try
        {
            // Holds up ANALYZE, and nothing before it.
            await using var holder = await database.ConnectAsync();
            await using var hold = await holder.BeginTransactionAsync(Token);
            await using var command = new NpgsqlCommand("LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE", holder);
            await command.ExecuteNonQueryAsync(Token);

            await using var import = Verb.Start(database.ConnectionString, "import", path);
            await UntilAnalyzeWaitsAsync(database);
            await import.TerminateAsync();
            var code = await import.ExitAsync();

            Assert.True(code == 0, import.Everything);
            Assert.Contains($"Imported {Many} markets ({Many} new", import.Output, StringComparison.Ordinal);
            Assert.StartsWith("All markets are stored, but", import.Error, StringComparison.Ordinal);
            Assert.Equal([(long)Many], await database.QueryAsync<long>("SELECT count(*) FROM markets"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task UntilAnalyzeWaitsAsync(TestDatabase database)
    {
        const string waiting = """
            SELECT count(*)
            FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE 'ANALYZE%' AND wait_event_type = 'Lock'
            """;
        for (var tries = 0; (await database.QueryAsync<long>(waiting)).Single() == 0; tries++)
        {
            Assert.True(tries < 3_000, "the import never came to refresh statistics");
            await Task.Delay(20, Token);
        }
    }
}
