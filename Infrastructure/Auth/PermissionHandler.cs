using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Decides whether the caller may use an endpoint; without a decision the answer is no.</summary>
internal sealed class PermissionHandler(AuthSettings settings) : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context,
        PermissionRequirement requirement
    )
    {
        if (context.Resource is not HttpContext http)
        {
            return Task.CompletedTask;
        }

        // A token that is there but bad is refused even where none is needed: its sender believes to be somebody.
        var isBadToken = http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Failure is not null;
        if (!isBadToken && IsAllowed(Caller.Of(http), requirement.Permission))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private bool IsAllowed(Caller caller, Permission? permission) =>
        permission switch
        {
            Permission.Read when !settings.RequireTokenForReads => true,
            null => caller.UserId is not null,
            { } needed => caller.Has(needed),
        };
}
