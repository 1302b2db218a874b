using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

/// <summary>The commands of docs/importing.md, run on samples of what other sites send, and their output imported.</summary>
public sealed partial class ImportGuideTests : IAsyncLifetime
{
    private static readonly string Samples = Path.Combine(
        SourceTree.Root,
        "tests/MarketsApi.Tests/Features/ImportMarkets/Sources"
    );

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("import-guide-");
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Each_command_makes_lines_that_are_all_imported()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs/importing.md"));
        var commands = Command().Matches(guide).Select(match => match.Groups["command"].Value).ToList();
        Assert.Equal(Directory.GetFiles(Samples, "*.jsonl").Length, commands.Count);

        var lines = string.Concat(await Task.WhenAll(commands.Select(RunAsync)));
        var path = Path.Combine(_folder.FullName, "markets.jsonl");
        await File.WriteAllTextAsync(path, lines);
        var result = await Verb.RunAsync(_database.ConnectionString, "import", path);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal(
            [
                "kalshi KXSAMPLE-24DEC31-T3.0 resolved no 0.00",
                "kalshi KXSAMPLE-31DEC31-T3.0 active - 1234.50",
                "manifold m1 active - 12345.68",
                "manifold m2 active - 0.00",
                "manifold m3 cancelled - 10.00",
                "metaculus 45179 active - 0.00",
                "metaculus 45180 cancelled - 0.00",
                "polymarket 512345 active - 11010561.19",
                "polymarket 512346 resolved yes 32257.45",
                "predictit 24805 active - 0.00",
                "predictit 24806 active - 0.00",
            ],
            await _database.QueryAsync<string>(
                """
                SELECT concat_ws(' ', source, external_id, status, coalesce(outcome, '-'), volume)
                FROM markets
                ORDER BY source COLLATE "C", external_id COLLATE "C"
                """
            )
        );
    }

    private static async Task<string> RunAsync(string command)
    {
        var start = new ProcessStartInfo("bash", ["-e", "-c", command])
        {
            WorkingDirectory = Samples,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new Win32Exception();
        var output = await process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.SkipWhen(process.ExitCode == 127, "jq is not installed.");
        Assert.Equal("", errors);
        return output;
    }

    [GeneratedRegex("```sh\n(?<command>jq [^`]*)```")]
    private static partial Regex Command();
}
