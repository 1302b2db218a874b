using System.Text;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Libpq's other form of a connection string: <c>host=db port=5432 dbname=app password='it\'s'</c>.</summary>
internal static class LibpqKeywords
{
    /// <summary>The names and values, when the text has this form and not Npgsql's, which separates by semicolons.</summary>
    /// <param name="text">A connection string.</param>
    /// <param name="isName">Whether libpq knows a parameter by this name.</param>
    public static IReadOnlyList<(string Name, string Value)>? Read(string text, Func<string, bool> isName)
    {
        var pairs = Split(text);
        // A single pair means the same in both forms. With a semicolon in it, only names of libpq make it libpq's.
        return pairs is not { Count: > 1 } ? null
            : !text.Contains(';', StringComparison.Ordinal) ? pairs
            : pairs.All(pair => isName(pair.Name) && !pair.Value.EndsWith(';')) ? pairs
            : null;
    }

    /// <summary>PostgreSQL's <c>conninfo_parse</c>; null for a text that it can't read.</summary>
    private static List<(string Name, string Value)>? Split(string text)
    {
        var pairs = new List<(string, string)>();
        for (var at = SkipBlanks(text, 0); at < text.Length; at = SkipBlanks(text, at))
        {
            var start = at;
            while (at < text.Length && text[at] != '=' && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            var name = text[start..at];
            at = SkipBlanks(text, at);
            if (name.Length == 0 || at == text.Length || text[at] != '=')
            {
                return null;
            }

            if (TakeValue(text, SkipBlanks(text, at + 1), out at) is not { } value)
            {
                return null;
            }

            pairs.Add((name, value));
        }

        return pairs;
    }

    /// <summary>Up to a blank, or between quotes; a backslash takes the next character as it is.</summary>
    private static string? TakeValue(string text, int at, out int end)
    {
        var isQuoted = at < text.Length && text[at] == '\'';
        var value = new StringBuilder();
        for (end = isQuoted ? at + 1 : at; end < text.Length; end++)
        {
            if (isQuoted ? text[end] == '\'' : char.IsWhiteSpace(text[end]))
            {
                end += isQuoted ? 1 : 0;
                return value.ToString();
            }

            if (text[end] == '\\' && end + 1 < text.Length)
            {
                end++;
            }

            value.Append(text[end]);
        }

        return isQuoted ? null : value.ToString();
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }
}
