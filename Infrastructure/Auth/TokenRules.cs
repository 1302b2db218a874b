using System.Text;
using MarketsApi.Infrastructure.Observability;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Which tokens are accepted (RFC 7519, RFC 8725), and what is wrong with the others, in a word for the audit log.</summary>
internal sealed class TokenRules(AuthSettings settings, TimeProvider clock)
    : IConfigureNamedOptions<JwtBearerOptions>,
        IPostConfigureOptions<JwtBearerOptions>
{
    /// <summary>The authority's keys are out of reach, so nothing can be said about the token.</summary>
    public const string NoKeys = "no_keys";

    /// <summary>Its header demands that something be understood which isn't here.</summary>
    private const string Critical = "critical_header";

    /// <summary>It is good, and names no user.</summary>
    private const string NoUser = "no_user";

    /// <summary>By how much clocks may differ.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly string[] AuthorityAlgorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        var byAuthority = !string.IsNullOrEmpty(settings.Authority);
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = byAuthority ? AuthorityAlgorithms : [SecurityAlgorithms.HmacSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateLifetime = true,
            ClockSkew = ClockSkew,
            ValidateIssuer = byAuthority || !string.IsNullOrEmpty(settings.Issuer),
            ValidIssuer = Given(settings.Issuer),
            ValidateAudience = !string.IsNullOrEmpty(settings.Audience),
            ValidAudience = Given(settings.Audience),
            IssuerSigningKey = byAuthority ? null : new SymmetricSecurityKey(Encoding.UTF8.GetBytes(settings.Secret!)),
        };
        if (byAuthority)
        {
            options.Authority = settings.Authority;
            options.BackchannelTimeout = AuthorityKeys.RequestTimeout;
            options.RequireHttpsMetadata = new Uri(settings.Authority!).Scheme == Uri.UriSchemeHttps;
        }

        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = CheckHeader,
            OnTokenValidated = Identify,
            OnAuthenticationFailed = NoteMissingKeys,
        };
    }

    public void PostConfigure(string? name, JwtBearerOptions options)
    {
        if (options.ConfigurationManager is { } authority)
        {
            options.ConfigurationManager = new AuthorityKeys(authority, clock);
        }
    }

    /// <summary>What is wrong with a token, by the failure of its check.</summary>
    public static string ErrorOf(Exception failure) =>
        failure switch
        {
            TokenException own => own.Message,
            SecurityTokenNoExpirationException => "no_expiry",
            SecurityTokenExpiredException => "expired",
            SecurityTokenNotYetValidException => "not_yet_valid",
            SecurityTokenInvalidLifetimeException => "lifetime",
            SecurityTokenInvalidIssuerException => "issuer",
            SecurityTokenInvalidAudienceException => "audience",
            SecurityTokenInvalidAlgorithmException => "algorithm",
            SecurityTokenInvalidSignatureException => "signature",
            _ => "malformed",
        };

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Task CheckHeader(MessageReceivedContext context)
    {
        if (AuthorizationHeaderRules.ErrorOf(context.Request.Headers.Authorization) is { } error)
        {
            context.Fail(new TokenException(error));
        }

        return Task.CompletedTask;
    }

    private static Task Identify(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if (token.TryGetHeaderValue<object>("crit", out _))
        {
            // Names header members that have to be understood (RFC 7515 section 4.1.11); none is here.
            context.Fail(new TokenException(Critical));
        }
        else if (Caller.From(token) is { } caller)
        {
            context.HttpContext.Features.Set(caller);
            RequestLogContext.Of(context.HttpContext).UserId = caller.UserId;
        }
        else
        {
            context.Fail(new TokenException(NoUser));
        }

        return Task.CompletedTask;
    }

    /// <summary>Without the authority's keys every token looks bad, though the token may be valid.</summary>
    private static Task NoteMissingKeys(AuthenticationFailedContext context)
    {
        if (context.Options.ConfigurationManager is AuthorityKeys { HasKeys: false })
        {
            context.Fail(new TokenException(NoKeys));
        }

        return Task.CompletedTask;
    }

    private sealed class TokenException(string error) : SecurityTokenException(error);
}
