namespace MarketsApi.Tests.Support;

/// <summary>One C# file.</summary>
/// <param name="Path">Relative to the repository, with forward slashes.</param>
/// <param name="Text">All of it.</param>
public sealed record SourceFile(string Path, string Text)
{
    /// <summary>The name without its ending.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The text without comments and string literals.</summary>
    public string Code => field ??= SourceTree.CodeOf(Text);

    /// <summary>How many lines it has.</summary>
    public int Lines => Text.Count(c => c == '\n');

    /// <summary>The folder below Features that it is in, or null.</summary>
    public string? Slice => Path.Split('/') is ["Features", var slice, _, ..] ? slice : null;

    /// <summary>Whether it is in this folder.</summary>
    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}
