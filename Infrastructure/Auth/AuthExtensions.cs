namespace MarketsApi.Infrastructure.Auth;

/// <summary>Says on a route who may use it. A route that says nothing is refused to everybody.</summary>
public static class AuthExtensions
{
    /// <summary>Callers whose role has this permission; <see cref="Permission.Read"/> is open to anyone unless Auth:RequireTokenForReads is set.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, Permission permission)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new PermissionRequirement(permission));

    /// <summary>Callers whose role has this permission, for requests with <c>=true</c> for this query parameter; it goes on top of what the route requires.</summary>
    public static TBuilder RequirePermissionFor<TBuilder>(
        this TBuilder builder,
        string queryParameter,
        Permission permission
    )
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new OptionRequirement(queryParameter, permission));

    /// <summary>Callers with any valid token, whatever its role.</summary>
    public static TBuilder RequireToken<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new PermissionRequirement(null));

    private static TBuilder Require<TBuilder>(this TBuilder builder, PermissionRequirement requirement)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(requirement);
}
