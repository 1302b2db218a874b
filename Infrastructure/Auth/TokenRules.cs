using System.Text;
using MarketsApi.Infrastructure.Observability;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Which tokens are accepted (RFC 7519, RFC 8725) and how a refusal is answered (RFC 6750 section 3).</summary>
internal sealed class TokenRules(AuthSettings settings) : IConfigureNamedOptions<JwtBearerOptions>
{
    /// <summary>By how much clocks may differ.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>How long a request waits for the authority's keys, the first time.</summary>
    private static readonly TimeSpan AuthorityTimeout = TimeSpan.FromSeconds(5);

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
            options.BackchannelTimeout = AuthorityTimeout;
            options.RequireHttpsMetadata = new Uri(settings.Authority!).Scheme == Uri.UriSchemeHttps;
        }

        options.Events = new JwtBearerEvents { OnTokenValidated = Identify, OnAuthenticationFailed = NoteFailure };
    }

    /// <summary>Answers a caller who has no token where one is needed, or one with this fault.</summary>
    public static Task ChallengeAsync(HttpContext context, string? fault = null)
    {
        RequestLogContext.Of(context).TokenError = fault;
        switch (fault)
        {
            case null:
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"markets-api\"";
                return ProblemResult.Of(Problems.MissingToken).ExecuteAsync(context);
            case AuthorizationHeaderRules.NoKeys:
                return ProblemResult.Of(Problems.ServiceUnavailable, retryAfterSeconds: 5).ExecuteAsync(context);
            default:
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"markets-api\", error=\"invalid_token\"";
                return ProblemResult.Of(Problems.InvalidToken).ExecuteAsync(context);
        }
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Task Identify(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if (token.TryGetHeaderValue<object>("crit", out _))
        {
            // Names header members that have to be understood (RFC 7515 section 4.1.11); none is here.
            context.Fail(new SecurityTokenException(AuthorizationHeaderRules.Critical));
        }
        else if (Caller.From(token) is { } caller)
        {
            context.HttpContext.Features.Set(caller);
            RequestLogContext.Of(context.HttpContext).UserId = caller.UserId;
        }
        else
        {
            context.Fail(new SecurityTokenException(AuthorizationHeaderRules.NoUser));
        }

        return Task.CompletedTask;
    }

    /// <summary>Without the authority's keys every token looks bad; that is not the token's fault, and the caller is told to come back.</summary>
    private static async Task NoteFailure(AuthenticationFailedContext context)
    {
        try
        {
            if (context.Options.ConfigurationManager is { } authority)
            {
                await authority.GetConfigurationAsync(context.HttpContext.RequestAborted);
            }
        }
        catch (InvalidOperationException exception)
        {
            context.Fail(exception);
        }
    }
}
