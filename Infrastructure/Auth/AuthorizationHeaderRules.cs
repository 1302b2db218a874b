using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>What is wrong with a token, in a word for the audit log: what its form shows before it is read, and what the check of it found.</summary>
internal static class AuthorizationHeaderRules
{
    /// <summary>The longest Authorization header that is read, in characters.</summary>
    /// <remarks>A token with a user's claims has some hundred; parsing is what a stranger can have for free.</remarks>
    public const int MaxLength = 8 * 1024;

    /// <summary>The authority's keys are out of reach, so nothing can be said about the token.</summary>
    public const string NoKeys = "no_keys";

    /// <summary>Its header demands that something be understood which isn't here.</summary>
    public const string Critical = "critical_header";

    /// <summary>It is good, and names no user.</summary>
    public const string NoUser = "no_user";

    private const string Scheme = "Bearer ";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>What the header shows: too long, or another spelling of a signature, which would be a second token for the same claims.</summary>
    public static string? ErrorOf(StringValues authorization)
    {
        var length = 0;
        foreach (var value in authorization)
        {
            length += value?.Length ?? 0;
        }

        return length > MaxLength ? "too_long"
            : authorization is [{ } only] && IsSpeltOtherwise(only) ? "malformed"
            : null;
    }

    /// <summary>What the check found.</summary>
    public static string ErrorOf(Exception failure) =>
        failure switch
        {
            InvalidOperationException => NoKeys,
            SecurityTokenNoExpirationException => "no_expiry",
            SecurityTokenExpiredException => "expired",
            SecurityTokenNotYetValidException => "not_yet_valid",
            SecurityTokenInvalidLifetimeException => "lifetime",
            SecurityTokenInvalidIssuerException => "issuer",
            SecurityTokenInvalidAudienceException => "audience",
            SecurityTokenInvalidAlgorithmException => "algorithm",
            SecurityTokenInvalidSignatureException => "signature",
            SecurityTokenException { Message: Critical or NoUser } ours => ours.Message,
            _ => "malformed",
        };

    /// <summary>Whether the last part has padding, or bits at its end that mean nothing and are set (RFC 4648 section 3.5): several such texts stand for the same bytes.</summary>
    private static bool IsSpeltOtherwise(string text)
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
