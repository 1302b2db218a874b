using System.Security.Claims;
using System.Text;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Who is asking: the identity of a valid token, or nobody. A handler gets it by naming it as a parameter.</summary>
public sealed class Caller
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

    /// <summary>The user's id; null for nobody.</summary>
    public Guid? UserId { get; }

    /// <summary>The user's id, on an endpoint that nobody reaches without a token.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is open to callers without a token.</exception>
    public Guid RequiredUserId =>
        UserId ?? throw new InvalidOperationException("This endpoint is open to callers without a token.");

    /// <summary>The role as the token has it, known or not.</summary>
    public string? Role { get; }

    /// <summary>The email as the token has it.</summary>
    public string? Email { get; }

    /// <summary>The name that others see: the token's <c>name</c>, else the part of the email before the @, else <c>user-</c> and the id's first eight digits.</summary>
    public string DisplayName { get; }

    /// <summary>What the role allows; nothing for an unknown one.</summary>
    public IReadOnlyList<Permission> Permissions { get; }

    /// <summary>Whether the role allows this.</summary>
    public bool Has(Permission permission) => Permissions.Contains(permission);

    /// <summary>Whether the caller sees and changes what others have created.</summary>
    public bool ActsForAll => Has(Permission.Delete);

    /// <summary>The caller of this request.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Anonymous;

    /// <summary>Binds a handler's parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(Of(context));

    /// <summary>Reads the identity from a token whose signature and times hold; null when it names no user.</summary>
    internal static Caller? From(ClaimsPrincipal principal)
    {
        var userIds = principal.FindAll("userId").ToList();
        var subject = userIds.Count > 0 ? userIds : [.. principal.FindAll("sub")];
        if (subject.Count != 1 || !Guid.TryParseExact(subject[0].Value, "D", out var userId))
        {
            return null;
        }

        var role = principal.FindAll("role").ToList() is [{ } only] ? only.Value : null;
        var email = Plain(principal.FindFirst("email")?.Value);
        var displayName =
            DisplayNameOf(principal.FindFirst("name")?.Value)
            ?? DisplayNameOf(email?.Split('@')[0])
            ?? "user-" + userId.ToString("N")[..8];
        return new Caller(userId, role, email, displayName, Roles.Of(role));
    }

    /// <summary>A display name from somebody else's text: cleaned, cut to <see cref="MaxDisplayName"/>, null when nothing is left.</summary>
    internal static string? DisplayNameOf(string? text) => Cut(Plain(text));

    /// <summary>Claims are somebody else's text: without control characters and lone surrogates, which no database text holds.</summary>
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

    private static string? Cut(string? text) =>
        text is null || text.Length <= MaxDisplayName
            ? text
            : string.Concat(text.EnumerateRunes().Take(MaxDisplayName).Select(rune => rune.ToString())).Trim();
}
