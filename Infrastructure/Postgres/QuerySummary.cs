using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>What a statement does, in few words, as the name of its span: what it writes, or else where it reads first.</summary>
internal static partial class QuerySummary
{
    /// <summary>By text: statements are constants, and there are not many.</summary>
    private static readonly ConcurrentDictionary<string, string?> Known = new(StringComparer.Ordinal);

    /// <summary>Such as <c>INSERT users INSERT jobs</c>, or <c>SELECT users</c>; null where neither is found.</summary>
    public static string? Of(string sql) => Known.GetOrAdd(sql, Summarize);

    private static string? Summarize(string sql)
    {
        var writes = Writes()
            .Matches(sql)
            .Select(match => $"{match.Groups["verb"].Value} {match.Groups["table"].Value}");
        var summary = string.Join(' ', writes);
        return summary.Length > 0 ? summary
            : Read().Match(sql) is { Success: true } read ? $"SELECT {read.Groups["table"].Value}"
            : null;
    }

    [GeneratedRegex(
        @"\b(?:(?<verb>INSERT) INTO|(?<verb>DELETE) FROM|(?<!DO |KEY |FOR )(?<verb>UPDATE)) (?!SET\b)(?<table>\w+)"
    )]
    private static partial Regex Writes();

    [GeneratedRegex(@"\bFROM (?<table>\w+)\b(?!\()")]
    private static partial Regex Read();
}
