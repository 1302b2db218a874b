using System.Buffers;
using System.Text;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Reads a line of the Forwarded header (RFC 7239 section 4).</summary>
internal static class ForwardedHeader
{
    private static readonly SearchValues<char> EndOfToken = SearchValues.Create("=;, \t\"");
    private static readonly SearchValues<char> EndOfValue = SearchValues.Create(";, \t\"");

    /// <summary>For whom each proxy asked, in the order of the line; null for one that doesn't say, and for the whole line when it isn't well-formed.</summary>
    public static List<string?>? Read(string line)
    {
        var hops = new List<string?>();
        var rest = line.AsSpan();
        string? hop = null;
        var isAny = false;
        while (true)
        {
            rest = rest.TrimStart(" \t");
            if (TakeToken(ref rest) is { Length: > 0 } name)
            {
                if (!rest.StartsWith('=') || TakeValue(ref rest) is not { } value)
                {
                    return null;
                }

                isAny = true;
                if (name.Equals("for", StringComparison.OrdinalIgnoreCase))
                {
                    if (hop is not null)
                    {
                        return null;
                    }

                    hop = value;
                }
            }

            rest = rest.TrimStart(" \t");
            if (rest.IsEmpty || rest[0] == ',')
            {
                if (isAny)
                {
                    hops.Add(hop);
                }

                if (rest.IsEmpty)
                {
                    return hops;
                }

                (hop, isAny) = (null, false);
            }
            else if (rest[0] != ';')
            {
                return null;
            }

            rest = rest[1..];
        }
    }

    private static string? TakeValue(ref ReadOnlySpan<char> rest)
    {
        rest = rest[1..];
        if (!rest.StartsWith('"'))
        {
            // Not quoted a port or an IPv6 address is against the rules, and common.
            var end = rest.IndexOfAny(EndOfValue);
            var value = end < 0 ? rest : rest[..end];
            rest = rest[value.Length..];
            return value.IsEmpty ? null : value.ToString();
        }

        var text = new StringBuilder();
        for (var at = 1; at < rest.Length; at++)
        {
            if (rest[at] == '"')
            {
                rest = rest[(at + 1)..];
                return text.ToString();
            }

            if (rest[at] == '\\' && ++at == rest.Length)
            {
                break;
            }

            text.Append(rest[at]);
        }

        return null;
    }

    private static string TakeToken(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(EndOfToken);
        var token = end < 0 ? rest : rest[..end];
        rest = rest[token.Length..];
        return token.ToString();
    }
}
