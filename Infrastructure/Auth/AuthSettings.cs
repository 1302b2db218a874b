using System.ComponentModel.DataAnnotations;
using System.Text;
using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>How tokens are checked.</summary>
internal sealed class AuthSettings : IValidatableObject
{
    /// <summary>How short a secret may be, in bytes: HMAC-SHA-256 wants as many as its output (RFC 7518 section 3.2).</summary>
    public const int MinSecretBytes = 32;

    /// <summary>Begins the secret that compose.yaml uses for trying things out; anybody can read it there.</summary>
    public const string DevelopmentSecretPrefix = "development-only-";

    public const string Section = "Auth";

    /// <summary>The secret that signs HS256 tokens.</summary>
    public string? Secret { get; set; }

    /// <summary>The OpenID Connect issuer whose keys sign tokens; replaces the secret.</summary>
    public string? Authority { get; set; }

    /// <summary>The <c>iss</c> that a token must have; any when not set.</summary>
    public string? Issuer { get; set; }

    /// <summary>The <c>aud</c> that a token must have; any when not set, which an authority wants said by <see cref="AnyAudience"/>.</summary>
    public string? Audience { get; set; }

    /// <summary>Whether the authority's tokens are good here whichever of its applications they were issued for.</summary>
    public bool AnyAudience { get; set; }

    /// <summary>Whether reading needs a token, too.</summary>
    public bool RequireTokenForReads { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var environment = validationContext.GetRequiredService<IHostEnvironment>();
        if (!string.IsNullOrEmpty(Authority))
        {
            if (!Uri.TryCreate(Authority, UriKind.Absolute, out var authority))
            {
                yield return new ValidationResult(
                    $"Auth:Authority must be an absolute address; it is {SettingsProblems.Quote(Authority)}."
                );
            }
            else if (authority.Scheme != Uri.UriSchemeHttps && !authority.IsLoopback)
            {
                yield return new ValidationResult(
                    "Auth:Authority must be an https address: keys fetched over plain http can be replaced on the way."
                );
            }
            else if (string.IsNullOrEmpty(Audience) && !AnyAudience)
            {
                yield return new ValidationResult(
                    "Auth:Audience is not set, so tokens for any application of Auth:Authority would be accepted: name yours, or set Auth:AnyAudience=true."
                );
            }
        }
        else if (string.IsNullOrWhiteSpace(Secret))
        {
            yield return new ValidationResult(
                "Auth:Secret (or JWT_SECRET) is not set: give the secret that signs tokens, or Auth:Authority."
            );
        }
        else if (Encoding.UTF8.GetByteCount(Secret) is < MinSecretBytes and var length)
        {
            yield return new ValidationResult(
                $"Auth:Secret (or JWT_SECRET) must have at least {MinSecretBytes} bytes; it has {length}."
            );
        }
        else if (Secret.StartsWith(DevelopmentSecretPrefix, StringComparison.Ordinal) && !environment.IsDevelopment())
        {
            yield return new ValidationResult(
                "Auth:Secret (or JWT_SECRET) is the published development secret, which is not allowed outside Development."
            );
        }
    }
}
