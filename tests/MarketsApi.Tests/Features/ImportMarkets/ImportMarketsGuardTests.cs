using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

/// <summary>An import of markets on which people have staked, or whose end they have decided.</summary>
public sealed class ImportMarketsGuardTests : IAsyncLifetime
{
    private const string Staked = "volume = volume + 5, no_pool = 5";
    private const string Rejected = "has positions here";
    private const string Changed = "people have changed";

    /// <summary>What happened here since the last import, what the next one brings besides another volume, and why it is rejected, if it is.</summary>
    private static readonly (string Change, string Members, string? Reason)[] Cases =
    [
        ("volume = volume + 5, yes_pool = 5", "", null),
        ("volume = volume + 5, yes_pool = 5", "\"status\":\"draft\",", Rejected),
        (Staked, "\"status\":\"closed\",", Rejected),
        (Staked, "\"outcome\":\"YES\",", Rejected),
        (Staked + ", ends_at = '2031-01-01Z'", "", Rejected),
        ("status = 'closed', version = 2", "", Changed),
        ("status = 'cancelled', version = 2", "", Changed),
        ("status = 'resolved', outcome = 'yes', version = 2", "", Changed),
        ("status = 'resolved', outcome = 'yes', version = 2", "\"outcome\":\"YES\",", null),
        ("ends_at = '2031-01-01Z', version = 2", "", Changed),
        ("name = 'Will it ever?', version = 2", "\"status\":\"draft\",", null),
    ];

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Never_undoes_what_people_have_staked_on_or_decided()
    {
        Assert.Equal(0, (await ImportAsync(Cases.Select((_, number) => Line(number, "10.5", "")))).ExitCode);
        await _database.ExecuteAsync(
            """
            INSERT INTO users (id, display_name, created_at, updated_at)
            VALUES ('c0000000-0000-7000-8000-000000000000', 'Another user', now(), now())
            """
        );
        foreach (var (number, one) in Cases.Index())
        {
            await _database.ExecuteAsync(
                $"""
                SELECT set_config('app.user_id', 'c0000000-0000-7000-8000-000000000000', false);
                UPDATE markets SET {one.Change} WHERE external_id = 's:{number}'
                """
            );
        }

        var before = await SnapshotsAsync();

        var result = await ImportAsync(["", .. Cases.Select((one, number) => Line(number, "99", one.Members))]);

        Assert.Equal(3, result.ExitCode);
        var rejected = Cases.Index().Where(one => one.Item.Reason is not null).ToList();
        Assert.Contains($"rejected {rejected.Count} lines", result.Output, StringComparison.Ordinal);
        Assert.Equal(rejected.Count, result.ErrorLines.Count);
        var after = await SnapshotsAsync();
        foreach (var (number, one) in Cases.Index())
        {
            if (one.Reason is null)
            {
                Assert.Equal(99m, after[number].ImportedVolume);
            }
            else
            {
                Assert.Contains(result.ErrorLines, line => Regex.IsMatch(line, $"^line {number + 2}: .*{one.Reason}"));
                Assert.Equal(before[number], after[number]);
            }
        }
    }

    private static string Line(int number, string volume, string members) =>
        $$"""{"externalId":"s:{{number}}","source":"s","name":"Will it happen?","volume":{{volume}},{{members}}"createdAt":null,"endsAt":"2030-01-01T00:00:00Z"}""";

    private async Task<Verb> ImportAsync(IEnumerable<string> lines)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(path, lines, TestContext.Current.CancellationToken);
            return await Verb.RunAsync(_database.ConnectionString, "import", path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Each market's row version and values, in the order of the cases.</summary>
    private Task<IReadOnlyList<Snapshot>> SnapshotsAsync() =>
        _database.QueryAsync<Snapshot>(
            """
            SELECT concat(xmin, ctid, markets) AS row, imported_volume AS importedvolume
            FROM markets
            ORDER BY substr(external_id, 3)::int
            """
        );

    private sealed record Snapshot(string Row, decimal ImportedVolume);
}
