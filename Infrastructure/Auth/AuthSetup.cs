using MarketsApi.Infrastructure.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Identity from JWTs, permissions from roles.</summary>
internal static class AuthSetup
{
    public static void AddAuth(this WebApplicationBuilder builder)
    {
        builder.AddSettings<AuthSettings>();
        builder.Services.AddSingleton<IConfigureOptions<JwtBearerOptions>, TokenRules>();
        // No scheme is the default one: the framework would run it on each request, with a token or without.
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        builder.Services.AddAuthentication().AddJwtBearer();
        RemoveKeyRing(builder.Services);
    }

    public static void UseAuth(this WebApplication app)
    {
        // WebApplication would put it first of all, where even answers from memory would pay for it.
        app.UseAuthentication();
        app.UseMiddleware<PermissionGate>();
    }

    /// <remarks>The framework makes keys for cookies, which nothing here has, at each start, and writes them to the home folder.</remarks>
    private static void RemoveKeyRing(IServiceCollection services)
    {
        foreach (
            var service in services
                .Where(service => service.ImplementationType?.Name == "DataProtectionHostedService")
                .ToList()
        )
        {
            services.Remove(service);
        }
    }
}
