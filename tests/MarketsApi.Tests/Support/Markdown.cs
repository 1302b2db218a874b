namespace MarketsApi.Tests.Support;

/// <summary>Parts of the documentation that tests read or write.</summary>
public static class Markdown
{
    /// <summary>The lines between <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- /name --&gt;</c> of a file of the repository.</summary>
    public static string Between(string path, string name)
    {
        var text = Read(path);
        var (start, end) = PlaceOf(text, path, name);
        return text[start..end];
    }

    /// <summary>Replaces those lines.</summary>
    public static void Replace(string path, string name, string lines)
    {
        var text = Read(path);
        var (start, end) = PlaceOf(text, path, name);
        File.WriteAllText(Path.Combine(SourceTree.Root, path), text[..start] + lines + text[end..]);
    }

    private static string Read(string path) =>
        File.ReadAllText(Path.Combine(SourceTree.Root, path)).ReplaceLineEndings("\n");

    private static (int Start, int End) PlaceOf(string text, string path, string name)
    {
        var (opening, closing) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var start = text.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        var end = text.IndexOf(closing, StringComparison.Ordinal);
        return start >= opening.Length && end >= start
            ? (start, end)
            : throw new InvalidOperationException($"{path} has no lines between {opening.Trim()} and {closing}.");
    }
}
