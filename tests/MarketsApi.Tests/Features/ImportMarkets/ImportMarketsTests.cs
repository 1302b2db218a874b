using Dapper;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

public sealed class ImportMarketsTests : IAsyncLifetime
{
    private const string Line =
        """{"externalId":"s:1","source":"s","name":"Will it happen?","volume":10.5,"createdAt":null,"endsAt":"2030-01-01T00:00:00Z"}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("import-");
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Says_that_a_path_is_empty()
    {
        var result = await Verb.RunAsync(_database.ConnectionString, "import", "");

        Assert.Equal((1, "The path of the file to import is empty.\n"), (result.ExitCode, result.Errors));
    }

    [Fact]
    public async Task Imports_good_lines_and_reports_the_others_with_their_numbers()
    {
        var result = await ImportAsync(
            Line,
            "",
            """{"externalId":"s:2","source":"s"}""",
            """{"externalId":"s:3","source":"s","name":"Will it too?","creator":"Anna","outcome":"NO"}"""
        );

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(["line 3: name is missing."], result.ErrorLines);
        Assert.StartsWith(
            "Imported 2 markets (2 new, 0 changed, 0 unchanged), rejected 1 line in ",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["s:1 active  10.50 10.50 1 s", "s:3 resolved no 0.00 0.00 1 Anna"],
            await _database.QueryAsync<string>(
                """
                SELECT concat_ws(' ', external_id, status, coalesce(outcome, ''), volume, imported_volume, version, display_name)
                FROM markets JOIN users ON users.id = creator_id
                ORDER BY external_id
                """
            )
        );
    }

    [Fact]
    public async Task Changes_nothing_the_second_time_whatever_people_have_done_since()
    {
        await ImportAsync(Line);
        await _database.ExecuteAsync("UPDATE markets SET name = 'Edited', status = 'closed', version = 2");
        var before = await SnapshotAsync();

        var result = await ImportAsync(Line);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("(0 new, 0 changed, 1 unchanged), rejected 0 lines", result.Output, StringComparison.Ordinal);
        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task Updates_a_market_whose_line_has_changed_and_keeps_what_was_staked_here()
    {
        await ImportAsync(Line, Line.Replace("s:1", "s:2", StringComparison.Ordinal));
        await _database.ExecuteAsync(
            "UPDATE markets SET volume = volume + 100, no_pool = 100, created_at = '2020-01-01Z', updated_at = '2020-01-01Z'"
        );
        var untouched = await SnapshotAsync("s:2");

        var result = await ImportAsync(
            Line.Replace("10.5", "3", StringComparison.Ordinal),
            Line.Replace("s:1", "s:2", StringComparison.Ordinal)
        );

        Assert.Contains("Imported 2 markets (0 new, 1 changed, 1 unchanged)", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["103.00 3.00 2 t t"],
            await _database.QueryAsync<string>(
                """
                SELECT concat_ws(' ', volume, imported_volume, version, created_at = '2020-01-01Z', updated_at > now() - interval '1 minute')
                FROM markets WHERE external_id = 's:1'
                """
            )
        );
        Assert.Equal(untouched, await SnapshotAsync("s:2"));
    }

    [Fact]
    public async Task Takes_the_last_of_several_lines_about_one_market()
    {
        string[] lines =
        [
            Line.Replace("happen", "rain", StringComparison.Ordinal),
            Line.Replace("happen", "snow", StringComparison.Ordinal),
            Line,
        ];

        var result = await ImportAsync(lines);
        var again = await ImportAsync(lines);

        Assert.Contains("Imported 1 market (1 new, 0 changed, 0 unchanged)", result.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            " s. 2 lines replaced by later lines about the same market.\n",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("(0 new, 0 changed, 1 unchanged)", again.Output, StringComparison.Ordinal);
        Assert.Equal(["Will it happen?"], await _database.QueryAsync<string>("SELECT name FROM markets"));
    }

    [Fact]
    public async Task Passes_unknown_members_over_when_asked_to()
    {
        var line = Line.Replace("{", "{\"slug\":\"x\",", StringComparison.Ordinal);
        var path = Path.Combine(_folder.FullName, "markets.jsonl");
        await File.WriteAllTextAsync(path, line);

        var strict = await Verb.RunAsync(_database.ConnectionString, "import", path);
        var lenient = await Verb.RunAsync(_database.ConnectionString, "import", "--ignore-unknown", path);

        Assert.Equal(
            (
                3,
                "line 1: \"slug\" is not a known property; names are case-sensitive. --ignore-unknown ignores unknown properties.\n"
            ),
            (strict.ExitCode, strict.Errors)
        );
        Assert.Equal((0, ""), (lenient.ExitCode, lenient.Errors));
    }

    [Fact]
    public async Task Lists_no_more_than_a_thousand_rejected_lines()
    {
        var result = await ImportAsync([.. Enumerable.Repeat("{}", 1_500)]);

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(1_001, result.ErrorLines.Count);
        Assert.Equal("Only the first 1000 of 1500 rejected lines are listed.", result.ErrorLines[^1]);
        Assert.Contains("rejected 1500 lines", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_in_one_sentence_what_can_not_be_read()
    {
        var plain = Path.Combine(_folder.FullName, "plain.gz");
        await File.WriteAllTextAsync(plain, Line, TestContext.Current.CancellationToken);

        foreach (var path in (string[])[plain, _folder.FullName, Path.Combine(_folder.FullName, "missing")])
        {
            var result = await Verb.RunAsync(_database.ConnectionString, "import", path);

            Assert.Equal((1, ""), (result.ExitCode, result.Output));
            Assert.Contains(path, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Reports_in_one_sentence_that_the_database_is_unavailable_or_has_no_tables()
    {
        var path = Written(Line);
        await using var empty = await TestDatabase.CreateAsync(migrated: false);

        var away = await Verb.RunAsync("Host=127.0.0.1;Port=1;Username=nobody", "import", path);
        var bare = await Verb.RunAsync(empty.ConnectionString, "import", path);

        Assert.Equal((1, 1), (away.ExitCode, bare.ExitCode));
        Assert.StartsWith("The database can't be used: ", Assert.Single(away.ErrorLines), StringComparison.Ordinal);
        Assert.EndsWith("run the verb migrate.", Assert.Single(bare.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_nothing_behind_when_it_is_killed()
    {
        var path = Written([.. Enumerable.Range(0, 3_000).Select(LineOf)]);
        await using var process = Verb.Start(_database.ConnectionString, "import", path);
        await using (var other = await _database.ConnectAsync())
        {
            // Its last write waits for this lock, after all the others.
            await using var held = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await other.ExecuteAsync("LOCK TABLE jobs IN SHARE MODE", transaction: held);
            await WaitUntilAsync(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO jobs%'",
                1
            );
            process.Kill();
        }

        var exitCode = await process.ExitAsync();
        await WaitUntilAsync($"SELECT count(*) FROM pg_stat_activity WHERE {TestDatabase.IsOfProgram}", 0);
        Assert.NotEqual(0, exitCode);
        Assert.Equal(
            [0, 0, 0],
            await _database.QueryAsync<long>(
                """
                SELECT count(*) FROM markets
                UNION ALL SELECT count(*) FROM users
                UNION ALL SELECT count(*) FROM pg_class WHERE relname = 'imported_lines'
                """
            )
        );
    }

    [Fact]
    public async Task Imports_the_real_data_but_for_sixteen_lines()
    {
        var path = Path.Combine(SourceTree.Root, "..", "shared", "data", "markets.jsonl.gz");
        Assert.SkipUnless(File.Exists(path), "The shared real data is not beside this checkout.");

        var result = await Verb.RunAsync(_database.ConnectionString, "import", path);
        var before = await SnapshotAsync();
        var again = await Verb.RunAsync(_database.ConnectionString, "import", path);

        Assert.Equal((3, 3), (result.ExitCode, again.ExitCode));
        Assert.Equal(14, result.ErrorLines.Count(line => line.Contains("outcome must be", StringComparison.Ordinal)));
        Assert.Equal(2, result.ErrorLines.Count(line => line.EndsWith("it has 301.", StringComparison.Ordinal)));
        Assert.Equal(result.Errors, again.Errors);
        Assert.Contains(
            "(11183 new, 0 changed, 0 unchanged), rejected 16 lines",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("(0 new, 0 changed, 11183 unchanged)", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, await SnapshotAsync());
    }

    private static string LineOf(int number) =>
        $$"""{"externalId":"{{number}}","source":"s","name":"Will number {{number}} come up?","creator":"c{{number % 50}}","volume":{{number}}}""";

    private Task<Verb> ImportAsync(params string[] lines) =>
        Verb.RunAsync(_database.ConnectionString, "import", Written(lines));

    private string Written(params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }

    /// <summary>The rows' contents and physical positions: a row that was written again has another one.</summary>
    private async Task<string?> SnapshotAsync(string? externalId = null) =>
        (
            await _database.QueryAsync<string?>(
                """
                SELECT md5(string_agg(concat(xmin, ctid, markets), ';' ORDER BY id))
                FROM markets
                WHERE external_id = coalesce(@externalId, external_id)
                """,
                new { externalId }
            )
        ).Single();

    private async Task WaitUntilAsync(string sql, long count)
    {
        for (var tries = 0; tries < 4000; tries++)
        {
            if ((await _database.QueryAsync<long>(sql)).Single() == count)
            {
                return;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"Never became {count}: {sql}");
    }
}
