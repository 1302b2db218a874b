using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>What an endpoint, or an option of it, needs.</summary>
/// <param name="Permission">The permission that the caller's role must have; null when any valid token is enough.</param>
/// <param name="Option">The query parameter whose <c>true</c> makes it count; null when it always does.</param>
internal sealed record PermissionRequirement(Permission? Permission, string? Option = null) : IAuthorizationRequirement
{
    /// <summary>What these metadata require of every request; null when they don't say.</summary>
    public static PermissionRequirement? Of(EndpointMetadataCollection metadata)
    {
        foreach (var requirement in metadata.GetOrderedMetadata<PermissionRequirement>())
        {
            if (requirement.Option is null)
            {
                return requirement;
            }
        }

        return null;
    }

    /// <summary>Whether callers without a token meet it.</summary>
    public bool IsOpen(AuthSettings settings) => Permission == Auth.Permission.Read && !settings.RequireTokenForReads;

    /// <summary>Whether it counts for this request.</summary>
    public bool AppliesTo(HttpRequest request) =>
        Option is null || (request.QueryString.HasValue && request.Query[Option].Contains("true"));

    /// <summary>Whether this caller meets it.</summary>
    public bool IsMetBy(Caller caller) =>
        caller.UserId is not null && (Permission is not { } permission || caller.Has(permission));
}

/// <summary>Decides about <see cref="PermissionRequirement"/>. A bad token is rejected even where none is needed: its sender believes they are authenticated.</summary>
internal sealed class PermissionHandler(AuthSettings settings) : AuthorizationHandler<PermissionRequirement>
{
    protected override async Task HandleRequirementAsync(
        AuthorizationHandlerContext context,
        PermissionRequirement requirement
    )
    {
        var http = (HttpContext)context.Resource!;
        // The framework keeps the result of UseAuthentication for the request, but hands only the user of a good token on.
        if (http.Request.Headers.Authorization.Count > 0 && (await http.AuthenticateAsync()).Failure is not null)
        {
            context.Fail(new AuthorizationFailureReason(this, "The token is not valid."));
        }
        else if (
            requirement.IsOpen(settings)
            || !requirement.AppliesTo(http.Request)
            || requirement.IsMetBy(Caller.Of(http))
        )
        {
            context.Succeed(requirement);
        }
    }
}

/// <summary>The fallback: rejects every request to an endpoint of ours that doesn't say who may use it.</summary>
/// <remarks>An unknown path and routing's own endpoint for a wrong method need no protection: they return 404 and 405 to every caller.</remarks>
internal sealed class StatedPermissionRequirement
    : AuthorizationHandler<StatedPermissionRequirement>,
        IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context,
        StatedPermissionRequirement requirement
    )
    {
        if (context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
