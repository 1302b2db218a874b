using MarketsApi.Infrastructure.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Identity from JWTs, permissions from roles.</summary>
internal static class AuthSetup
{
    public static void AddAuth(this WebApplicationBuilder builder)
    {
        builder.AddSettings<AuthSettings>(AuthSettings.Section);
        builder.Services.AddSingleton<IConfigureOptions<JwtBearerOptions>, TokenRules>();
        // No scheme is the default one: the framework would run it on each request, with a token or without.
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        // What AddAuthentication does, but for the keys of cookies, which it would make at each start and write to the home folder.
        builder.Services.AddAuthenticationCore().AddWebEncoders();
        builder.Services.AddSingleton<IAuthenticationConfigurationProvider, SchemeSettings>();
        new AuthenticationBuilder(builder.Services).AddJwtBearer();
    }

    public static void UseAuth(this WebApplication app)
    {
        // WebApplication would put it first of all, where even answers from memory would pay for it.
        app.UseAuthentication();
        app.UseMiddleware<PermissionGate>();
    }

    /// <summary>Where the framework looks for settings of schemes.</summary>
    private sealed class SchemeSettings(IConfiguration configuration) : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration => configuration.GetSection("Authentication");
    }
}
