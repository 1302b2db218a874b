using System.Reflection;
using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Architecture;

/// <summary>The arrows: Program → Features → Infrastructure, and no slice to another.</summary>
public sealed partial class DependencyTests
{
    private const string Features = "MarketsApi.Features.";

    private static readonly ILookup<string, string> TypesOfSlices = typeof(Program)
        .Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith(Features, StringComparison.Ordinal) == true && !type.IsNested)
        .ToLookup(type => type.Namespace![Features.Length..].Split('.')[0], type => type.Name.Split('`')[0]);

    [Fact]
    public void No_slice_mentions_another()
    {
        var files = SourceTree.Files.Where(file => file.Slice is not null and not "Shared").ToList();
        Assert.True(files.Count > 20, "found no slices to check");

        foreach (var file in files)
        {
            var foreign = TypesOfSlices.Where(slice => slice.Key != file.Slice && slice.Key != "Shared");
            MentionsNone(
                file,
                foreign,
                "a slice stands alone: repeat the few lines, or move what both must say alike to Features/Shared, or a concern to Infrastructure"
            );
        }
    }

    [Fact]
    public void No_slice_has_a_type_of_another_in_its_signatures()
    {
        var types = typeof(Program).Assembly.GetTypes().Where(type => SliceOf(type) is not null).ToList();
        Assert.True(types.Count > 20, "found no types of slices to check");

        var arrows =
            from type in types
            from used in UsedBy(type)
            let slice = SliceOf(used)
            where slice is not null and not "Shared" && slice != SliceOf(type)
            select $"{type.FullName} uses {used.FullName}: a slice stands alone.";

        Assert.Empty(arrows.Distinct());
    }

    [Fact]
    public void What_is_shared_uses_no_slice()
    {
        var files = SourceTree.Files.Where(file => file.Slice == "Shared").ToList();
        Assert.NotEmpty(files);

        foreach (var file in files)
        {
            MentionsNone(
                file,
                TypesOfSlices.Where(slice => slice.Key != "Shared"),
                "Shared is below the slices: move that type here, or this code there"
            );
        }
    }

    [Fact]
    public void Infrastructure_uses_no_feature()
    {
        var files = SourceTree.Files.Where(file => file.IsIn("Infrastructure")).ToList();
        Assert.True(files.Count > 50, "found no infrastructure to check");

        foreach (var file in files)
        {
            Assert.False(
                file.Code.Contains("MarketsApi.Features", StringComparison.Ordinal),
                $"{file.Path} uses a feature: pass in what it needs, or let the slice be found by an interface, as IVerb is."
            );
            MentionsNone(
                file,
                TypesOfSlices.Where(slice => slice.Key != "Shared"),
                "Infrastructure is below the features"
            );
        }
    }

    [Fact]
    public void Nothing_uses_Program_but_to_name_its_assembly()
    {
        var files = SourceTree.Files.Where(file => file.Path != "Program.cs").ToList();
        Assert.Contains(
            files,
            file =>
                file.Code.Contains("typeof(Program).Assembly", StringComparison.Ordinal)
                || ProgramWord().IsMatch(file.Code)
        );

        foreach (var file in files)
        {
            var rest = AssemblyOfProgram().Replace(file.Code, "");
            Assert.False(
                ProgramWord().IsMatch(rest),
                $"{file.Path} uses Program; only typeof(Program).Assembly is for others."
            );
        }
    }

    private static void MentionsNone(SourceFile file, IEnumerable<IGrouping<string, string>> slices, string advice)
    {
        var words = Word().Matches(file.Code).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var slice in slices)
        {
            foreach (var type in slice.Where(words.Contains))
            {
                Assert.Fail($"{file.Path} mentions {type} of {slice.Key}: {advice}.");
            }

            Assert.False(
                Regex.IsMatch(file.Code, $@"Features\.{slice.Key}\b"),
                $"{file.Path} names the namespace of {slice.Key}: {advice}."
            );
        }
    }

    private static string? SliceOf(Type type) =>
        type.Namespace?.StartsWith(Features, StringComparison.Ordinal) == true
            ? type.Namespace[Features.Length..].Split('.')[0]
            : null;

    private static IEnumerable<Type> UsedBy(Type type)
    {
        const BindingFlags all =
            BindingFlags.Public
            | BindingFlags.NonPublic
            | BindingFlags.Instance
            | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        var members = type.GetFields(all)
            .Select(field => field.FieldType)
            .Concat(
                type.GetMethods(all)
                    .SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType))
            )
            .Concat(type.GetConstructors(all).SelectMany(c => c.GetParameters().Select(p => p.ParameterType)))
            .Concat(type.GetInterfaces())
            .Append(type.BaseType ?? typeof(object));
        return members.SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type)
        : [type];

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bProgram\b")]
    private static partial Regex ProgramWord();

    [GeneratedRegex(@"typeof\(Program\)\s*\.Assembly\b")]
    private static partial Regex AssemblyOfProgram();
}
