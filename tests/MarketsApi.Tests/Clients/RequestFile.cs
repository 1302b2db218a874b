using System.Globalization;
using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Clients;

/// <summary>A .http file, as VS Code's REST Client and Visual Studio read it: <c>@variables</c>, and requests that <c>###</c> parts.</summary>
internal sealed partial class RequestFile
{
    private RequestFile(string path, string text)
    {
        Path = path;
        Variables = Variable().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var line = 1;
        var requests = new List<FileRequest>();
        foreach (var part in Separator().Split(text))
        {
            if (Parse($"{path}:{line}", part) is { } request)
            {
                requests.Add(request);
            }

            line += part.Count(c => c == '\n');
        }

        Requests = requests;
    }

    /// <summary>Relative to the repository.</summary>
    public string Path { get; }

    /// <summary>The variables that it declares.</summary>
    public IReadOnlySet<string> Variables { get; }

    /// <summary>Its requests, in order.</summary>
    public IReadOnlyList<FileRequest> Requests { get; }

    /// <summary>All of them: those in requests/, and a slice's own beside its code.</summary>
    public static IReadOnlyList<RequestFile> All() =>
        [
            .. Directory
                .GetFiles(System.IO.Path.Combine(SourceTree.Root, "requests"), "*.http")
                .Concat(
                    Directory.GetFiles(
                        System.IO.Path.Combine(SourceTree.Root, "Features"),
                        "*.http",
                        SearchOption.AllDirectories
                    )
                )
                .Order(StringComparer.Ordinal)
                .Select(file => new RequestFile(
                    System.IO.Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/'),
                    File.ReadAllText(file)
                )),
        ];

    private static FileRequest? Parse(string place, string part)
    {
        var lines = part.Split('\n').ToList();
        var comments = lines.Where(line => line.StartsWith('#')).ToList();
        var start = lines.FindIndex(line => AccessLogLine().IsMatch(line));
        if (start < 0)
        {
            return null;
        }

        var end = lines.FindIndex(start, string.IsNullOrWhiteSpace);
        var (head, rest) = end < 0 ? (lines[start..], []) : (lines[start..end], lines[end..]);
        var target = AccessLogLine().Match(head[0]);
        var body = string.Join('\n', rest).Trim();
        var status = comments.Select(comment => Expectation().Match(comment)).FirstOrDefault(match => match.Success);
        return new FileRequest(
            place,
            comments.Select(comment => NameComment().Match(comment)).FirstOrDefault(m => m.Success)?.Groups[1].Value,
            status is null ? null : int.Parse(status.Groups[1].Value, CultureInfo.InvariantCulture),
            target.Groups[1].Value,
            target.Groups[2].Value,
            [.. head.Skip(1).Select(header => (header.Split(':')[0], header[(header.IndexOf(':') + 1)..].Trim()))],
            body.Length > 0 ? body : null
        );
    }

    [GeneratedRegex(@"^@(\w+)\s*=", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?=^###)", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^(GET|HEAD|POST|PUT|PATCH|DELETE) (\S+)$")]
    private static partial Regex AccessLogLine();

    [GeneratedRegex(@"^# → (\d{3})$")]
    private static partial Regex Expectation();

    [GeneratedRegex(@"^# @name (\w+)$")]
    private static partial Regex NameComment();
}
