using System.CommandLine;
using System.Globalization;
using System.Text;
using MarketsApi.Infrastructure.CommandLine;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MarketsApi.Features.IssueToken;

/// <summary>The verb that signs a token with the program's own secret, for trying things out and for scripts.</summary>
internal sealed class IssueTokenCommand(Lazy<AuthSettings> settings, TimeProvider clock) : IVerb
{
    public Command Describe()
    {
        var role = new Option<string>("--role") { Description = "user, moderator or admin.", Required = true };
        role.AcceptOnlyFromAmong([.. Roles.Permissions.Keys]);
        var name = new Option<string?>("--name") { Description = "The display name. Default: the role." };
        var email = new Option<string?>("--email") { Description = "The email. Default: none." };
        var userId = new Option<Guid?>("--user-id")
        {
            Description = "The user's id. Default: an id derived from role and name, always the same.",
        };
        var expires = new Option<TimeSpan>("--expires")
        {
            Description = "How long the token is valid, such as 45m, 12h or 30d.",
            DefaultValueFactory = _ => TimeSpan.FromHours(24),
            CustomParser = result =>
            {
                if (TryParseDuration(result.Tokens[0].Value, out var duration))
                {
                    return duration;
                }

                result.AddError("--expires must be a number and a unit (s, m, h or d), such as 45m, 12h or 30d.");
                return default;
            },
        };
        var command = new Command("token", "Print a token that this program accepts, signed with Auth:Secret.")
        {
            role,
            name,
            email,
            userId,
            expires,
        };
        command.SetAction(parsed =>
        {
            if (string.IsNullOrEmpty(settings.Value.Secret))
            {
                Console.Error.WriteLine(
                    "Auth:Authority is set, so tokens must come from there; this program can't issue one."
                );
                return 1;
            }

            if (Array.Find([name, email], option => parsed.GetValue(option)?.Trim() is "") is { Name: var empty })
            {
                Console.Error.WriteLine($"{empty} is empty: give one, or leave it out.");
                return 1;
            }

            var displayName = parsed.GetValue(name) ?? parsed.GetValue(role)!;
            var id = parsed.GetValue(userId) ?? IdOf(parsed.GetValue(role)!, displayName);
            Console.WriteLine(
                Issue(id, parsed.GetValue(role)!, displayName, parsed.GetValue(email), parsed.GetValue(expires))
            );
            return 0;
        });
        return command;
    }

    private string Issue(Guid userId, string role, string name, string? email, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>
        {
            ["userId"] = userId.ToString(),
            ["role"] = role,
            ["name"] = name,
        };
        if (email is not null)
        {
            claims["email"] = email;
        }

        var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(settings.Value.Secret!));
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Claims = claims,
                Issuer = settings.Value.Issuer,
                Audience = settings.Value.Audience,
                IssuedAt = now,
                NotBefore = now,
                Expires = now + lifetime,
                SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
            }
        );
    }

    private static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (
            text.Length < 2
            || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is 0 or > 36_500
        )
        {
            return false;
        }

        duration = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => default,
        };
        return duration > TimeSpan.Zero;
    }

    /// <summary>The same role and name are the same user each time, so that what one made yesterday is still one's own.</summary>
    private static Guid IdOf(string role, string name) => NameBasedId.Of($"token|{role}|{name}");
}
