using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

/// <summary>An import of markets on which people have staked, or whose end they have decided.</summary>
public sealed class ImportMarketsGuardTests : IAsyncLifetime
{
    private const string Line =
        """{"externalId":"s:1","source":"s","name":"Will it happen?","volume":10.5,"createdAt":null,"endsAt":"2030-01-01T00:00:00Z"}""";

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("UPDATE markets SET volume = volume + 5, yes_pool = 5", "", 0, "")]
    [InlineData(
        "UPDATE markets SET volume = volume + 5, yes_pool = 5",
        "\"status\":\"draft\",",
        3,
        "has positions here"
    )]
    [InlineData(
        "UPDATE markets SET volume = volume + 5, no_pool = 5",
        "\"status\":\"closed\",",
        3,
        "has positions here"
    )]
    [InlineData("UPDATE markets SET volume = volume + 5, no_pool = 5", "\"outcome\":\"YES\",", 3, "has positions here")]
    [InlineData("UPDATE markets SET volume = volume + 5, no_pool = 5, ends_at = '2031-01-01Z'", "", 3, "has positions")]
    [InlineData("UPDATE markets SET status = 'closed', version = 2", "", 3, "people have changed")]
    [InlineData("UPDATE markets SET status = 'cancelled', version = 2", "", 3, "people have changed")]
    [InlineData("UPDATE markets SET status = 'resolved', outcome = 'yes', version = 2", "", 3, "people have changed")]
    [InlineData("UPDATE markets SET status = 'resolved', outcome = 'yes', version = 2", "\"outcome\":\"YES\",", 0, "")]
    [InlineData("UPDATE markets SET ends_at = '2031-01-01Z', version = 2", "", 3, "people have changed")]
    [InlineData("UPDATE markets SET name = 'Will it ever?', version = 2", "\"status\":\"draft\",", 0, "")]
    public async Task Never_undoes_what_people_have_staked_on_or_decided(
        string change,
        string members,
        int exitCode,
        string reason
    )
    {
        await ImportAsync(Line);
        await _database.ExecuteAsync(
            """
            INSERT INTO users (id, display_name, created_at, updated_at)
            VALUES ('c0000000-0000-7000-8000-000000000000', 'Another user', now(), now())
            """
        );
        await _database.ExecuteAsync(
            $"SELECT set_config('app.user_id', 'c0000000-0000-7000-8000-000000000000', false); {change}"
        );
        var before = await SnapshotAsync();

        var result = await ImportAsync(
            "",
            Line.Replace("\"volume\":10.5,", $"\"volume\":99,{members}", StringComparison.Ordinal)
        );

        Assert.Equal(exitCode, result.ExitCode);
        if (exitCode == 0)
        {
            Assert.Empty(result.Errors);
            Assert.Equal([99m], await _database.QueryAsync<decimal>("SELECT imported_volume FROM markets"));
        }
        else
        {
            Assert.Matches($"^line 2: .*{reason}", Assert.Single(result.ErrorLines));
            Assert.Contains("rejected 1 line", result.Output, StringComparison.Ordinal);
            Assert.Equal(before, await SnapshotAsync());
        }
    }

    private async Task<Verb> ImportAsync(params string[] lines)
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

    private async Task<string> SnapshotAsync() =>
        (await _database.QueryAsync<string>("SELECT concat(xmin, ctid, markets) FROM markets")).Single();
}
