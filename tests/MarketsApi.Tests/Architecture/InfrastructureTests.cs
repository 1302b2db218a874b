using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Architecture;

/// <summary>Infrastructure serves any subject, and its folders are layers: each can be read with only those below it.</summary>
public sealed partial class InfrastructureTests
{
    private const string Namespace = "MarketsApi.Infrastructure";

    private static readonly IReadOnlyList<SourceFile> Files =
    [
        .. SourceTree.Files.Where(file => file.IsIn("Infrastructure")),
    ];

    [Fact]
    public void It_knows_no_market()
    {
        Assert.True(Files.Count > 50, "found no infrastructure to check");
        Assert.Contains(Files, file => NameOfTheProgram().IsMatch(file.Text));

        var speaking = Files
            .Where(file =>
                NameOfTheProgram().Replace(file.Text, "").Contains("market", StringComparison.OrdinalIgnoreCase)
            )
            .Select(file => file.Path);

        Assert.True(
            !speaking.Any(),
            $"{string.Join(", ", speaking)} speak of markets: let a feature pass in the table, the text or the example that is needed."
        );
    }

    [Fact]
    public void Its_folders_form_no_cycle()
    {
        var arrows = (
            from type in typeof(Program).Assembly.GetTypes()
            where IsInfrastructure(type)
            from used in TypeReferences.Of(type)
            where IsInfrastructure(used) && used.Namespace != type.Namespace
            select (From: type.Namespace!, To: used.Namespace!, Example: $"{Outermost(type)} uses {Outermost(used)}")
        ).ToList();
        Assert.Contains(arrows, arrow => arrow is { From: Namespace + ".Auth", To: Namespace + ".Errors" });

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
                            .GroupBy(arrow => (arrow.From, arrow.To), arrow => arrow.Example)
                            .OrderBy(group => group.Distinct().Count())
                            .Select(group =>
                                $"  {group.Key.From} → {group.Key.To}: {string.Join(", ", group.Distinct().Take(6))}"
                            )
                    )
                )
            )
        );
    }

    [Fact]
    public void A_cycle_of_three_folders_is_found() =>
        Assert.Equal(["a", "b", "c"], Assert.Single(FolderCycles.Of([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])));

    [Fact]
    public void What_only_the_code_of_a_method_uses_is_found() =>
        Assert.Contains(typeof(FolderCycles), TypeReferences.Of(typeof(InfrastructureTests)));

    private static bool IsInfrastructure(Type type) =>
        type.Namespace?.StartsWith(Namespace, StringComparison.Ordinal) == true;

    private static string Outermost(Type type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type.Name.Split('`')[0];

    [GeneratedRegex("markets-?api", RegexOptions.IgnoreCase)]
    private static partial Regex NameOfTheProgram();
}
