using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Clients;

/// <summary>clients/typescript against the program: its types hold, and what its example prints is so.</summary>
public sealed class TypeScriptClientTests(ConsumingFixture api) : IClassFixture<ConsumingFixture>
{
    [Fact]
    public async Task Compiles_in_strict_mode_and_passes_its_own_tests()
    {
        (await TypeScriptClient.BuildOrSkipAsync()).OutputOfSuccess();
        var settings = await File.ReadAllTextAsync(Path.Combine(TypeScriptClient.Folder, "tsconfig.json"));

        Assert.All(
            (string[])["strict", "noUncheckedIndexedAccess", "exactOptionalPropertyTypes"],
            setting => Assert.Contains($"\"{setting}\": true", settings, StringComparison.Ordinal)
        );
        var tests = await TypeScriptClient.NodeAsync(new Dictionary<string, string>(), "--test", "dist/tests/");
        Assert.Contains("# fail 0", tests.OutputOfSuccess(), StringComparison.Ordinal);
        Assert.Matches(@"# pass [1-9]\d", tests.Output);
    }

    [Fact]
    public async Task Its_example_walks_all_pages_tells_problems_apart_and_repeats_a_POST_safely()
    {
        (await TypeScriptClient.BuildOrSkipAsync()).OutputOfSuccess();
        var user = User.New("user", "Ada");
        var breaks = 0;
        await using var network = api.BreakingAt("Will this example run?", () => breaks++);

        var example = await TypeScriptClient.NodeAsync(
            new Dictionary<string, string>
            {
                ["MARKETS_URL"] = $"http://127.0.0.1:{network.Port}",
                ["TOKEN"] = user.Token,
            },
            "dist/example/example.js"
        );

        // The second try may overtake the first one's rest; then it is the first one's response that is the replayed one.
        Assert.Matches(
            $"""
            \Acreated 201, replayed: (true|no)
            version 2
            walked {ConsumingFixture.Markets + 1} markets
            rejected: stake InvalidAmount
            \z
            """,
            example.OutputOfSuccess()
        );
        Assert.Equal(1, breaks);
        var made = await api.Database.QueryAsync<string>(
            "SELECT name FROM markets WHERE creator_id = @Id",
            new { user.Id }
        );
        Assert.StartsWith("Will this example run?", Assert.Single(made), StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(Path.Combine(TypeScriptClient.Folder, "example", "example.ts"));
        Assert.InRange(lines.Length, 20, 60);
    }
}
