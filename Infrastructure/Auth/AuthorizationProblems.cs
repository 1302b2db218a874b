using MarketsApi.Infrastructure.Observability;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Writes the 401s and 403s of the framework's authorization as problems, with the challenge of RFC 6750 section 3.</summary>
internal sealed class AuthorizationProblems : IAuthorizationMiddlewareResultHandler
{
    private const string Challenge = "Bearer realm=\"markets-api\"";
    private const int RetryAfterSeconds = 5;

    public async Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        // The result of UseAuthentication, stored for the request: the framework doesn't pass the reason on to a challenge.
        var failure = (await context.AuthenticateAsync()).Failure;
        var error = failure is null ? null : TokenRules.ErrorOf(failure);
        RequestLogContext.Of(context).TokenError = error;
        await ProblemFor(context, policy, authorizeResult, error).ExecuteAsync(context);
    }

    private static ProblemResult ProblemFor(
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult result,
        string? tokenError
    )
    {
        switch (tokenError)
        {
            case TokenRules.NoKeys:
                // The token can't be checked now, so the response asks the caller to try again.
                return ProblemResult.Of(Problems.ServiceUnavailable, retryAfterSeconds: RetryAfterSeconds);
            case not null:
                context.Response.Headers.WWWAuthenticate = Challenge + ", error=\"invalid_token\"";
                return ProblemResult.Of(Problems.InvalidToken);
            case null when result.Forbidden || policy.Requirements.OfType<StatedPermissionRequirement>().Any():
                return ProblemResult.Of(Problems.InsufficientPermissions, detail: DetailOf(result));
            default:
                context.Response.Headers.WWWAuthenticate = Challenge;
                return ProblemResult.Of(Problems.MissingToken);
        }
    }

    private static string? DetailOf(PolicyAuthorizationResult result) =>
        result.AuthorizationFailure?.FailedRequirements.OfType<PermissionRequirement>().FirstOrDefault()?.Permission
            is { } permission
            ? $"This needs the permission {PermissionNames.Of(permission)}, which the token's role doesn't have."
            : null;
}
