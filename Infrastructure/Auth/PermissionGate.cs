using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Lets a request through to an endpoint that its caller may use; an endpoint that says nothing is for nobody.</summary>
/// <remarks>
/// The framework's authorization asks for a token's handler, a policy and its evaluation on every request. Here a request without a token
/// costs a look at the endpoint's metadata, and there is one place to read what becomes of one with a token.
/// </remarks>
internal sealed class PermissionGate(RequestDelegate next, AuthSettings settings)
{
    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<IAllowAnonymous>() is not null)
        {
            return next(context);
        }

        var requirement = metadata?.GetMetadata<PermissionRequirement>();
        var authorization = context.Request.Headers.Authorization;
        return authorization.Count == 0 ? Admit(context, Caller.Anonymous, requirement)
            : AuthorizationHeaderRules.ErrorOf(authorization) is { } fault ? TokenRules.ChallengeAsync(context, fault)
            : AuthenticateAsync(context, requirement);
    }

    /// <summary>Whether the endpoint also answers callers without a token.</summary>
    public static bool IsOpen(PermissionRequirement? requirement, AuthSettings settings) =>
        requirement?.Permission == Permission.Read && !settings.RequireTokenForReads;

    /// <summary>A token that is there but bad is refused even where none is needed: its sender believes to be somebody.</summary>
    private async Task AuthenticateAsync(HttpContext context, PermissionRequirement? requirement)
    {
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        await (
            result.Failure is { } failure
                ? TokenRules.ChallengeAsync(context, AuthorizationHeaderRules.ErrorOf(failure))
                : Admit(context, Caller.Of(context), requirement)
        );
    }

    private Task Admit(HttpContext context, Caller caller, PermissionRequirement? requirement) =>
        requirement is null ? ProblemResult.Of(Problems.InsufficientPermissions).ExecuteAsync(context)
        : context.GetEndpoint()!.Metadata.GetMetadata<OptionRequirement>() is { } option
        && option.IsAskedFor(context.Request)
            ? AdmitHolder(context, caller, option.Permission)
        : IsOpen(requirement, settings) ? next(context)
        : AdmitHolder(context, caller, requirement.Permission);

    /// <param name="context">The request.</param>
    /// <param name="caller">Who sent it.</param>
    /// <param name="needed">The permission that it takes; with null any token will do.</param>
    private Task AdmitHolder(HttpContext context, Caller caller, Permission? needed) =>
        caller.UserId is null ? TokenRules.ChallengeAsync(context)
        : needed is { } permission && !caller.Has(permission)
            ? ProblemResult.Of(Problems.InsufficientPermissions).ExecuteAsync(context)
        : next(context);
}
