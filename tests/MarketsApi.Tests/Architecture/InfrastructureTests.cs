using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Architecture;

/// <summary>Infrastructure serves any subject, and its folders are layers: each can be read with only those below it.</summary>
public sealed partial class InfrastructureTests
{
    private static readonly IReadOnlyList<SourceFile> Files =
    [
        .. SourceTree.Files.Where(file => file.IsIn("Infrastructure")),
    ];

    [Fact]
    public void It_knows_no_market()
    {
        Assert.True(Files.Count > 50, "found no infrastructure to check");
        Assert.Contains(Files, file => NameOfTheProgram().IsMatch(file.Text));

        Assert.All(
            Files,
            file =>
                Assert.False(
                    NameOfTheProgram().Replace(file.Text, "").Contains("market", StringComparison.OrdinalIgnoreCase),
                    $"{file.Path} speaks of markets: let a feature pass in the table, the text or the example that it needs."
                )
        );
    }

    [Fact]
    public void Its_folders_form_no_cycle()
    {
        var arrows = Arrows();
        Assert.Contains(arrows, arrow => arrow is { From: "Infrastructure/Auth", To: "Infrastructure/Errors" });

        var cycles = FolderCycles.Of([.. arrows.Select(arrow => (arrow.From, arrow.To))]);

        Assert.True(
            cycles.Count == 0,
            string.Join(
                '\n',
                cycles.Select(cycle =>
                    $"{string.Join(", ", cycle)} use each other: turn the thinnest of these arrows round.\n"
                    + string.Join(
                        '\n',
                        arrows
                            .Where(arrow => cycle.Contains(arrow.From) && cycle.Contains(arrow.To))
                            .GroupBy(arrow => (arrow.From, arrow.To))
                            .OrderBy(group => group.Count())
                            .Select(group =>
                                $"  {group.Key.From} → {group.Key.To}: {string.Join(", ", group.Select(arrow => $"{arrow.Type} in {arrow.File}").Take(5))}"
                            )
                    )
                )
            )
        );
    }

    [Fact]
    public void A_cycle_of_three_folders_is_found() =>
        Assert.Equal(["a", "b", "c"], Assert.Single(FolderCycles.Of([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])));

    /// <summary>From the folder of each file to the folder of each type, and of each extension method, that it names.</summary>
    private static List<Arrow> Arrows()
    {
        var homes = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var file in Files)
        {
            var names = TopLevelType().Matches(file.Code).Select(match => match.Groups["name"].Value);
            var methods = ExtensionMethod().Matches(file.Code).Select(match => "." + match.Groups["name"].Value);
            foreach (var name in names.Concat(methods))
            {
                (homes.TryGetValue(name, out var folders) ? folders : homes[name] = []).Add(FolderOf(file));
            }
        }

        return
        [
            .. from file in Files
            let words = Word().Matches(file.Code).Select(match => match.Value)
            let calls = Call().Matches(file.Code).Select(match => "." + match.Groups["name"].Value)
            from name in words.Concat(calls).Distinct(StringComparer.Ordinal)
            where homes.TryGetValue(name, out var folders) && folders.Count == 1 && !folders.Contains(FolderOf(file))
            select new Arrow(FolderOf(file), homes[name].First(), file.Name, name),
        ];
    }

    private static string FolderOf(SourceFile file) => file.Path[..file.Path.LastIndexOf('/')];

    private sealed record Arrow(string From, string To, string File, string Type);

    [GeneratedRegex("markets-?api", RegexOptions.IgnoreCase)]
    private static partial Regex NameOfTheProgram();

    [GeneratedRegex(
        @"(?m)^(?:public |internal )?(?:sealed |static |abstract |partial |readonly |ref )*(?:class|record struct|record|struct|interface|enum|delegate)\s+(?<name>\w+)"
    )]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"\bstatic [^\n(=]*?\b(?<name>\w+)(?:<[\w, ]+>)?\(\s*this\b")]
    private static partial Regex ExtensionMethod();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"\.(?<name>\w+)(?:<[^>(\n]*>)?\(")]
    private static partial Regex Call();
}
