using MarketsApi.Infrastructure.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Identity from JWTs, permissions from roles: the framework's authentication and authorization.</summary>
internal static class AuthSetup
{
    public static void AddAuth(this WebApplicationBuilder builder)
    {
        builder.AddSettings<AuthSettings>(AuthSettings.Section);
        var services = builder.Services;
        // AddAuthentication, but for the keys of cookies, which it would make at each start and write to the home folder.
        services.AddAuthenticationCore(options => options.DefaultScheme = JwtBearerDefaults.AuthenticationScheme);
        services.AddWebEncoders();
        services.AddSingleton<IAuthenticationConfigurationProvider, SchemeSettings>();
        new AuthenticationBuilder(services).AddJwtBearer();
        services.ConfigureOptions<TokenRules>();
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationProblems>();
        services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicy([new StatedPermissionRequirement()], []));
    }

    /// <summary>Where the framework looks for settings of schemes.</summary>
    private sealed class SchemeSettings(IConfiguration configuration) : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration => configuration.GetSection("Authentication");
    }
}

/// <summary>Declares who may use a route. A route without such a declaration rejects every caller.</summary>
public static class AuthExtensions
{
    /// <summary>Callers whose role has this permission; <see cref="Permission.Read"/> is open to anyone unless Auth:RequireTokenForReads is set.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, Permission permission)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new PermissionRequirement(permission));

    /// <summary>Requests with <c>=true</c> for this query parameter need this permission, too, on top of what the route and its other options require.</summary>
    public static TBuilder RequirePermissionFor<TBuilder>(
        this TBuilder builder,
        string queryParameter,
        Permission permission
    )
        where TBuilder : IEndpointConventionBuilder =>
        builder.Require(new PermissionRequirement(permission, queryParameter));

    /// <summary>Callers with any valid token, whatever its role.</summary>
    public static TBuilder RequireToken<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new PermissionRequirement(null));

    /// <summary>Stops the start when an endpoint doesn't say who may use it: it would reject every caller.</summary>
    internal static void DemandPermission(EndpointBuilder builder)
    {
        if (!builder.Metadata.Any(item => item is PermissionRequirement { Option: null } or IAllowAnonymous))
        {
            throw new InvalidOperationException(
                $"{builder.DisplayName} doesn't say who may use it: add .RequirePermission(…), .RequireToken() or .AllowAnonymous() to the route."
            );
        }
    }

    /// <remarks>The framework combines the policies of a route; the requirement is there by itself, too, for the cache and the OpenAPI document.</remarks>
    private static TBuilder Require<TBuilder>(this TBuilder builder, PermissionRequirement requirement)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new AuthorizationPolicy([requirement], [])).WithMetadata(requirement);
}
