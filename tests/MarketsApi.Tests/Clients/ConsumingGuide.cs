using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Clients;

/// <summary>docs/consuming.md as something to run: its listings in one language make one program, in their order.</summary>
internal static partial class ConsumingGuide
{
    /// <summary>What the programs print between two listings.</summary>
    public const string Mark = "=== next listing ===";

    private static readonly string Text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "consuming.md"));

    /// <summary>The listings in one language: <c>sh</c>, <c>ts</c> or <c>csharp</c>.</summary>
    public static IReadOnlyList<ConsumingListing> Listings(string language)
    {
        var heading = "";
        var listings = new List<ConsumingListing>();
        foreach (Match part in HeadingOrListing().Matches(Text))
        {
            if (part.Groups["heading"].Success)
            {
                heading = part.Groups["heading"].Value;
            }
            else if (part.Groups["language"].Value == language)
            {
                var output = part.Groups["output"];
                listings.Add(new(heading, part.Groups["code"].Value, output.Success ? output.Value : null));
            }
        }

        return listings;
    }

    /// <summary>Every heading.</summary>
    public static IEnumerable<string> Headings =>
        HeadingOrListing()
            .Matches(Text)
            .Select(part => part.Groups["heading"])
            .Where(h => h.Success)
            .Select(h => h.Value);

    /// <summary>Fails unless each listing printed what the guide says.</summary>
    public static void ShouldHavePrinted(string language, string printed)
    {
        var listings = Listings(language);
        var outputs = printed.Split(Mark + "\n");

        Assert.True(outputs.Length == listings.Count + 1, $"{listings.Count} listings, but it printed:\n{printed}");
        foreach (var (listing, output) in listings.Zip(outputs))
        {
            var actual = string.Join('\n', output.Split('\n').Select(line => line.TrimEnd())).Trim();
            Assert.NotEmpty(actual);
            if (listing.Output is { } expected)
            {
                var pattern = Regex.Escape(expected.Trim()).Replace("…", "[^\n]*", StringComparison.Ordinal);
                Assert.True(
                    Regex.IsMatch(actual, $@"\A{pattern}\z"),
                    $"docs/consuming.md, {listing.Heading}, {language}: it says\n{expected}\nand the listing printed\n{actual}"
                );
            }
        }
    }

    [GeneratedRegex(
        @"^## (?<heading>.+)$|^```(?<language>sh|ts|csharp)\n(?<code>(?:(?!```).*\n)*)```\n(?:\n```text\n(?<output>(?:(?!```).*\n)*)```)?",
        RegexOptions.Multiline
    )]
    private static partial Regex HeadingOrListing();
}
