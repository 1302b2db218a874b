using System.Reflection;
using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Architecture;

/// <summary>The review in docs/security.md names tests and files that exist: a row without a test or file behind it fails.</summary>
public sealed partial class SecurityReviewTests
{
    private static readonly List<string> Rows =
    [
        .. Markdown
            .Between("docs/security.md", "review")
            .Split('\n')
            .Where(line =>
                line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| what", StringComparison.Ordinal)
            ),
    ];

    private static readonly ILookup<string, Type> TestClasses = typeof(SecurityReviewTests)
        .Assembly.GetTypes()
        .ToLookup(type => type.Name, StringComparer.Ordinal);

    [Fact]
    public void Each_row_names_what_holds_it_and_that_exists()
    {
        Assert.True(Rows.Count > 30, "found no rows to check");

        foreach (var row in Rows)
        {
            var held = row.TrimEnd(' ', '|').Split('|')[^1];
            var names = Quoted().Matches(held).Select(match => match.Groups[1].Value).ToList();
            Assert.True(names.Count > 0, $"No test and no file holds this row: {row}");
            Assert.All(names, name => Assert.True(Exists(name), $"'{name}' is neither a test nor a file; row: {row}"));
        }
    }

    [Theory]
    [InlineData("SecurityReviewTests.Each_row_names_what_holds_it_and_that_exists", true)]
    [InlineData("SecurityReviewTests", true)]
    [InlineData("docs/security.md", true)]
    [InlineData("Infrastructure/Auth", true)]
    [InlineData("SecurityReviewTests.Rows", false)]
    [InlineData("NoSuchTests", false)]
    [InlineData("docs/no-such.md", false)]
    public void A_name_is_known_by_what_it_names(string name, bool exists) => Assert.Equal(exists, Exists(name));

    private static bool Exists(string name)
    {
        if (name.Contains('/') || !TestName().IsMatch(name))
        {
            var path = Path.Combine(SourceTree.Root, name);
            return File.Exists(path) || Directory.Exists(path);
        }

        var parts = name.Split('.');
        return TestClasses[parts[0]]
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any())
            .Any(method => parts.Length == 1 || method.Name == parts[1]);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^[A-Z]\w*Tests(\.\w+)?$")]
    private static partial Regex TestName();
}
