using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Decides whether the caller may use an endpoint; without a decision the answer is no.</summary>
internal sealed class PermissionHandler(AuthSettings settings) : AuthorizationHandler<PermissionRequirement>
{
    protected override async Task HandleRequirementAsync(
        AuthorizationHandlerContext context,
        PermissionRequirement requirement
    )
    {
        if (
            context.Resource is HttpContext http
            && !await HasBadTokenAsync(http)
            && IsAllowed(Caller.Of(http), requirement.Permission)
        )
        {
            context.Succeed(requirement);
        }
    }

    /// <summary>A token that is there but bad is refused even where none is needed: its sender believes to be somebody.</summary>
    /// <remarks>The middleware in front keeps nothing of a failure; asking again answers from what it found.</remarks>
    private static async ValueTask<bool> HasBadTokenAsync(HttpContext http) =>
        http.Request.Headers.Authorization.Count > 0
        && Caller.Of(http).UserId is null
        && (await http.AuthenticateAsync()).Failure is not null;

    private bool IsAllowed(Caller caller, Permission? permission) =>
        permission switch
        {
            Permission.Read when !settings.RequireTokenForReads => true,
            null => caller.UserId is not null,
            { } needed => caller.Has(needed),
        };
}
