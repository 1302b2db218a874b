using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>What the Authorization header shows by its form, before anything in it is parsed.</summary>
internal static class AuthorizationHeaderRules
{
    /// <summary>The longest Authorization header that is read, in characters.</summary>
    /// <remarks>A token with a user's claims has some hundred; parsing is what a stranger can have for free.</remarks>
    public const int MaxLength = 8 * 1024;

    private const string Scheme = "Bearer ";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>What is wrong, in a word for the audit log: too long, more than one line, or another spelling of a signature, which would be a second token for the same claims.</summary>
    public static string? ErrorOf(StringValues authorization)
    {
        var length = 0;
        foreach (var value in authorization)
        {
            length += value?.Length ?? 0;
        }

        return length > MaxLength ? "too_long"
            : authorization.Count > 1 || (authorization is [{ } only] && HasOtherSpelling(only)) ? "malformed"
            : null;
    }

    /// <summary>Whether the last part has padding, or bits at its end that mean nothing and are set (RFC 4648 section 3.5): several such texts stand for the same bytes.</summary>
    private static bool HasOtherSpelling(string text)
    {
        var last = text.AsSpan(text.LastIndexOf('.') + 1);
        var spare = (last.Length % 4) switch
        {
            2 => 0b1111,
            3 => 0b11,
            _ => 0,
        };
        return last is [.., var end]
            && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && (Alphabet.IndexOf(end, StringComparison.Ordinal) is var value && (value < 0 || (value & spare) != 0));
    }
}
