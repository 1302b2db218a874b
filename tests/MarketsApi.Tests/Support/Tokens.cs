using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MarketsApi.Tests.Support;

/// <summary>Tokens as an identity provider would issue them.</summary>
public static class Tokens
{
    /// <summary>The secret of the program under test.</summary>
    public const string Secret = "a-secret-of-the-tests-with-more-than-32-bytes";

    /// <summary>A token that the program accepts.</summary>
    public static string For(User user, string? secret = null, TimeSpan? lifetime = null) =>
        Sign(
            new Dictionary<string, object>
            {
                ["userId"] = user.Id.ToString(),
                ["role"] = user.Role,
                ["name"] = user.Name,
                ["email"] = user.Email,
                ["exp"] = DateTimeOffset.UtcNow.Add(lifetime ?? TimeSpan.FromHours(1)).ToUnixTimeSeconds(),
            },
            secret
        );

    /// <summary>A token with just these claims, signed with HS256.</summary>
    public static string Sign(
        Dictionary<string, object> claims,
        string? secret = null,
        string algorithm = SecurityAlgorithms.HmacSha256
    )
    {
        var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret ?? Secret));
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        return handler.CreateToken(
            new SecurityTokenDescriptor { Claims = claims, SigningCredentials = new SigningCredentials(key, algorithm) }
        );
    }
}
