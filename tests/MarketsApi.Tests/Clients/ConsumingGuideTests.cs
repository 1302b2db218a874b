using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Clients;

/// <summary>Runs each listing of docs/consuming.md, through a network that loses the response to a POST.</summary>
public sealed partial class ConsumingGuideTests(ConsumingFixture api) : IClassFixture<ConsumingFixture>
{
    private const string Rain = "Will it rain in Ghent on Sunday?";

    [Theory]
    [InlineData("sh")]
    [InlineData("ts")]
    [InlineData("csharp")]
    public async Task Each_listing_prints_what_the_guide_says(string language)
    {
        var user = User.New("user", "Ada");
        var breaks = 0;
        await using var network = api.BreakingAt(Rain, () => breaks++);
        var url = $"http://127.0.0.1:{network.Port}";

        var printed = language switch
        {
            "sh" => await RunShellAsync(url, user.Token),
            "ts" => await RunTypeScriptAsync(url, user.Token),
            _ => await RunCSharpAsync(url, user.Token),
        };

        ConsumingGuide.ShouldHavePrinted(language, printed);
        Assert.Equal(1, breaks);
        var made = await api.Database.QueryAsync<(string Name, long Version)>(
            "SELECT name, version FROM markets WHERE creator_id = @Id",
            new { user.Id }
        );
        Assert.Equal([(Rain, 2L)], made);
    }

    [Fact]
    public void Each_section_is_there_in_each_language()
    {
        foreach (var language in (string[])["sh", "ts", "csharp"])
        {
            Assert.Equal(ConsumingGuide.Headings, ConsumingGuide.Listings(language).Select(listing => listing.Heading));
        }

        Assert.Equal(6, ConsumingGuide.Headings.Count());
    }

    [Fact]
    public void The_CSharp_listings_are_those_that_are_run()
    {
        var source = File.ReadAllText(
            Path.Combine(SourceTree.Root, "tests/MarketsApi.Tests/Clients", nameof(ConsumingInCSharp) + ".cs")
        );
        var run = Region()
            .Matches(source)
            .Select(region => Regex.Replace(region.Groups[1].Value, "(?m)^ {8}", "", RegexOptions.None));

        Assert.Equal(run, ConsumingGuide.Listings("csharp").Select(listing => listing.Code));
    }

    private static async Task<string> RunShellAsync(string url, string token)
    {
        var folder = Directory.CreateTempSubdirectory("consuming-");
        try
        {
            var script = string.Concat(
                ConsumingGuide.Listings("sh").Select(listing => $"{listing.Code}\necho '{ConsumingGuide.Mark}'\n")
            );
            var run = await Tool.RunAsync(folder.FullName, Variables(url, token), "bash", "-eu", "-c", script);
            return run.OutputOfSuccess();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunTypeScriptAsync(string url, string token)
    {
        (await TypeScriptClient.BuildOrSkipAsync()).OutputOfSuccess();
        var run = await TypeScriptClient.NodeAsync(Variables(url, token), "dist/docs/consuming.js");
        return run.OutputOfSuccess();
    }

    private static async Task<string> RunCSharpAsync(string url, string token)
    {
        var program = new ConsumingInCSharp(url, token);
        await program.RunAsync();
        return program.Console.ToString();
    }

    private static Dictionary<string, string> Variables(string url, string token) =>
        new() { ["MARKETS_URL"] = url, ["TOKEN"] = token };

    [GeneratedRegex(@"^ *#region \d+\n((?:.*\n)*?) *#endregion", RegexOptions.Multiline)]
    private static partial Regex Region();
}
