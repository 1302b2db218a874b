using System.Text.RegularExpressions;

namespace MarketsApi.Tests.Support;

/// <summary>The program's sources, for rules about the code's text.</summary>
public static partial class SourceTree
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Program = new(() =>
        Read("Program.cs", "Features", "Infrastructure")
    );

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file of the program.</summary>
    public static IReadOnlyList<SourceFile> Files => Program.Value;

    /// <summary>The slices: one folder each, without what they share.</summary>
    public static IReadOnlyList<string> Slices { get; } =
    [
        .. Directory
            .GetDirectories(Path.Combine(Root, "Features"))
            .Select(folder => Path.GetFileName(folder))
            .Where(name => name != "Shared")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The C# files of these folders and files, relative to the root.</summary>
    public static IReadOnlyList<SourceFile> Read(params string[] paths) =>
        [
            .. paths
                .Select(path => Path.Combine(Root, path))
                .SelectMany(path =>
                    File.Exists(path) ? [path] : Directory.GetFiles(path, "*.cs", SearchOption.AllDirectories)
                )
                .Select(path => new SourceFile(
                    Path.GetRelativePath(Root, path).Replace('\\', '/'),
                    File.ReadAllText(path)
                )),
        ];

    /// <summary>The code without comments and texts.</summary>
    public static string CodeOf(string text) => Noise().Replace(text, match => match.Value[0] == '/' ? "" : "\"\"");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MarketsApi.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException(
                "Run the tests from the repository: no MarketsApi.sln above " + AppContext.BaseDirectory
            );
    }

    [GeneratedRegex(@"//[^\n]*|'(?:\\.|[^'\\])'|""""""(?:.|\n)*?""""""|""(?:\\.|[^""\\\n])*""")]
    private static partial Regex Noise();
}
