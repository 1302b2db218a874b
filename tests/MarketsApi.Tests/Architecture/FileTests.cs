using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Architecture;

/// <summary>Where things are and how long they get.</summary>
public sealed partial class FileTests
{
    [Fact]
    public void A_file_is_named_after_one_of_its_types()
    {
        var checkedTypes = 0;
        foreach (var file in SourceTree.Files.Where(file => file.Path != "Program.cs"))
        {
            var types = TopLevelType().Matches(file.Code).Select(match => match.Groups["name"].Value).ToList();
            Assert.True(
                types.Contains(file.Name),
                $"{file.Path} has {string.Join(", ", types)}: name it after the type that the others in it serve."
            );
            checkedTypes += types.Count;
        }

        Assert.True(checkedTypes > 100, "found no types to check");
    }

    [Fact]
    public void A_slice_s_files_are_named_use_case_and_role()
    {
        var files = SourceTree.Files.Where(file => file.Slice is not null and not "Shared").ToList();
        Assert.NotEmpty(files);

        foreach (var file in files)
        {
            Assert.True(
                Regex.IsMatch(file.Name, $"^I?{file.Slice}[A-Z]"),
                $"{file.Path}: name it {file.Slice} and its role (Endpoint, Request, Response, Validator, Sql, …)."
            );
        }
    }

    [Fact]
    public void A_namespace_is_the_folder()
    {
        var files = SourceTree
            .Files.Where(file => file.Path != "Program.cs" && !file.IsIn("Infrastructure/Modules"))
            .ToList();
        Assert.NotEmpty(files);

        foreach (var file in files)
        {
            var expected = "MarketsApi." + string.Join('.', file.Path.Split('/')[..^1]);
            Assert.True(
                Regex.IsMatch(file.Code, $"(?m)^namespace {Regex.Escape(expected)};"),
                $"{file.Path}: its namespace must be {expected}."
            );
        }
    }

    [Fact]
    public void No_file_is_longer_than_300_lines()
    {
        var files = SourceTree.Files.Concat(SourceTree.Read("tests")).ToList();
        Assert.True(files.Count > 150, "found no files to check");

        Assert.All(
            files,
            file => Assert.True(file.Lines <= 300, $"{file.Path} has {file.Lines} lines: it is two things; split it.")
        );
    }

    [Fact]
    public void Program_is_a_list_of_concerns_of_at_most_60_lines()
    {
        var program = Assert.Single(SourceTree.Files, file => file.Path == "Program.cs");

        Assert.True(
            program.Lines <= 60,
            $"Program.cs has {program.Lines} lines: give a concern its own Add… in Infrastructure."
        );
        Assert.False(
            Regex.IsMatch(program.Code, @"\b(if|foreach|switch|class)\b"),
            "Program.cs decides something: it only lists concerns, so decide it in the concern's own Add… or Use…."
        );
    }

    [Fact]
    public void A_slice_is_small()
    {
        var sizes = SourceTree
            .Files.Where(file => file.Slice is not null and not "Shared")
            .GroupBy(file => file.Slice!, file => file.Lines)
            .Select(slice => (Name: slice.Key, Lines: slice.Sum()))
            .OrderBy(slice => slice.Lines)
            .ToList();

        Assert.All(
            SourceTree.Slices,
            slice =>
                Assert.True(
                    sizes.Exists(size => size.Name == slice),
                    $"Features/{slice} has no C# file: delete the folder, or put the use case into it."
                )
        );
        var median = sizes[sizes.Count / 2];
        Assert.True(
            median.Lines <= 150,
            $"The median slice has {median.Lines} lines ({median.Name}), more than 150: split the large ones, or move what is a concern to Infrastructure. {string.Join(", ", sizes)}"
        );
    }

    [Fact]
    public void Statements_are_in_the_Sql_files_of_slices_and_nowhere_else_in_them()
    {
        var files = SourceTree.Files.Where(file => file.Slice is not null).ToList();
        Assert.Contains(files, file => Statement().IsMatch(WithoutComments(file)));

        foreach (var file in files.Where(file => !file.Name.EndsWith("Sql", StringComparison.Ordinal)))
        {
            Assert.False(
                Statement().IsMatch(WithoutComments(file)),
                $"{file.Path} has SQL: move it to {file.Slice}Sql.cs, as a constant."
            );
        }
    }

    [Fact]
    public void Sql_files_hold_constants_only()
    {
        var files = SourceTree
            .Files.Where(file => file.Slice is not null && file.Name.EndsWith("Sql", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(files);

        foreach (var file in files)
        {
            Assert.True(
                Regex.IsMatch(file.Code, $"static class {file.Name}\\b"),
                $"{file.Path}: make it a static class {file.Name} of const texts."
            );
            Assert.False(
                Regex.IsMatch(file.Code, @"=>|static readonly|\breturn\b|\+ "),
                $"{file.Path} computes: an Sql file has nothing but const texts; what varies is a parameter, or a fragment of SqlText."
            );
            // A constant can be composed of constants only.
            Assert.Equal(Regex.Count(file.Text, @"\$+"""), Regex.Count(file.Text, @"const string \w+ =\s+\$+"""));
        }
    }

    [Theory]
    [InlineData("CA1857")]
    [InlineData("CA2016")]
    [InlineData("CA1852")]
    [InlineData("CS1591")]
    [InlineData("IDE0005")]
    public void The_build_rejects_what_a_house_rule_forbids(string rule)
    {
        var settings = File.ReadAllText(Path.Combine(SourceTree.Root, ".editorconfig"));
        var build = File.ReadAllText(Path.Combine(SourceTree.Root, "Directory.Build.props"));

        Assert.Contains($"dotnet_diagnostic.{rule}.severity = error", settings, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", build, StringComparison.Ordinal);
        Assert.DoesNotContain(
            SourceTree.Files,
            file => file.Text.Contains("#pragma warning disable " + rule, StringComparison.Ordinal)
        );
    }

    private static string WithoutComments(SourceFile file) => Comment().Replace(file.Text, "");

    [GeneratedRegex(
        @"(?m)^(public |internal |file )?(sealed |static |abstract |partial |readonly |ref )*(class|record struct|record|struct|interface|enum|delegate)\s+(?<name>\w+)"
    )]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"\b(SELECT|INSERT INTO|DELETE FROM|MERGE INTO|COPY|UPDATE)\b(?! \()")]
    private static partial Regex Statement();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();
}
