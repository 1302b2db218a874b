using System.Text;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.JsonWebTokens;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>The caller: the identity of a valid token, or anonymous. A handler gets it by naming it as a parameter.</summary>
public sealed partial class Caller
{
    /// <summary>The longest display name, in Unicode code points.</summary>
    public const int MaxDisplayName = 100;

    /// <summary>A caller without a token.</summary>
    public static readonly Caller Anonymous = new(null, null, null, "", []);

    private Caller(Guid? userId, string? role, string? email, string displayName, IReadOnlyList<Permission> permissions)
    {
        UserId = userId;
        Role = role;
        Email = email;
        DisplayName = displayName;
        Permissions = permissions;
    }

    /// <summary>The user's id; null for an anonymous caller.</summary>
    public Guid? UserId { get; }

    /// <summary>The user's id, on an endpoint that requires a token.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is open to callers without a token.</exception>
    public Guid RequiredUserId =>
        UserId ?? throw new InvalidOperationException("This endpoint is open to callers without a token.");

    /// <summary>The role as the token has it, known or not.</summary>
    public string? Role { get; }

    /// <summary>The email as the token has it.</summary>
    public string? Email { get; }

    /// <summary>The name that others see: the token's <c>name</c> unless that is an email address, else the part of the email before the @, else <c>user-</c> and the id's first eight digits.</summary>
    public string DisplayName { get; }

    /// <summary>What the role allows; nothing for an unknown one.</summary>
    public IReadOnlyList<Permission> Permissions { get; }

    /// <summary>Whether the role allows this.</summary>
    public bool Has(Permission permission) => Permissions.Contains(permission);

    /// <summary>Whether the caller sees and changes what others have created.</summary>
    public bool ActsForAll => Has(Permission.Moderate);

    /// <summary>The caller of this request.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Anonymous;

    /// <summary>Binds a handler's parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(Of(context));

    /// <summary>Reads the identity from a token whose signature and times hold; null when it names no user.</summary>
    /// <remarks>Id and role count only as single texts: a list, even of one, is not what issuers of such tokens write.</remarks>
    internal static Caller? From(JsonWebToken token)
    {
        // A userId that is there but isn't one makes the token bad, however good its sub is.
        var subject = token.TryGetPayloadValue<object>("userId", out _) ? "userId" : "sub";
        if (TextOf(token, subject) is not { } id || !Uuid.IsValid(id))
        {
            return null;
        }

        var userId = Guid.Parse(id);
        var role = TextOf(token, "role");
        var email = Plain(ClaimOf(token, "email"));
        var displayName =
            PlainText.NameOf(NameOf(token), MaxDisplayName)
            ?? PlainText.NameOf(email?.Split('@')[0], MaxDisplayName)
            ?? "user-" + userId.ToString("N")[..8];
        return new Caller(userId, role, email, displayName, Roles.Of(role));
    }

    /// <summary>The token's <c>name</c>; null when it has an email address in it, as some issuers fill it in: others would see it.</summary>
    private static string? NameOf(JsonWebToken token) =>
        ClaimOf(token, "name") is { } name && !EmailAddress().IsMatch(name) ? name : null;

    [GeneratedRegex(@"[^\s@]@[^\s@]")]
    private static partial Regex EmailAddress();

    private static string? TextOf(JsonWebToken token, string name) =>
        token.TryGetPayloadValue<object>(name, out var value) ? value as string : null;

    private static string? ClaimOf(JsonWebToken token, string name) =>
        token.TryGetClaim(name, out var claim) ? claim.Value : null;

    /// <summary>Claims are external text: without control characters and lone surrogates, which no database text holds.</summary>
    private static string? Plain(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune != Rune.ReplacementChar && !Rune.IsControl(rune))
            {
                plain.Append(rune.ToString());
            }
        }

        return plain.ToString().Trim() is { Length: > 0 } trimmed ? trimmed : null;
    }
}
