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
