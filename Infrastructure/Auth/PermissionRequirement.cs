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

/// <summary>What a role allows its holder to do.</summary>
public enum Permission
{
    /// <summary>See what is public.</summary>
    Read,

    /// <summary>Create, and change one's own.</summary>
    Write,

    /// <summary>See, change and delete other users' resources; on the wire it is <c>delete</c>.</summary>
    Moderate,

    /// <summary>Operate the service.</summary>
    Admin,
}

/// <summary>The permissions by their names on the wire.</summary>
internal static class PermissionNames
{
    /// <summary>All of them, in the order of <see cref="Permission"/>.</summary>
    public static readonly IReadOnlyList<string> All = ["read", "write", "delete", "admin"];

    public static string Of(Permission permission) => All[(int)permission];
}

/// <summary>The roles that a token can carry, and what each allows.</summary>
internal static class Roles
{
    /// <summary>Case-sensitive; any other role allows nothing.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Permission>> Permissions = new Dictionary<
        string,
        IReadOnlyList<Permission>
    >(StringComparer.Ordinal)
    {
        ["user"] = [Permission.Read, Permission.Write],
        ["moderator"] = [Permission.Read, Permission.Write, Permission.Moderate],
        ["admin"] = [Permission.Read, Permission.Write, Permission.Moderate, Permission.Admin],
    };

    public static IReadOnlyList<Permission> Of(string? role) =>
        role is not null && Permissions.TryGetValue(role, out var permissions) ? permissions : [];
}
