using MarketsApi.Infrastructure.Settings;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Cross-origin requests from browsers, for the origins that the settings name.</summary>
internal static class CorsSetup
{
    private static readonly string[] ExposedHeaders =
    [
        "Age",
        "Cache-Status",
        "ETag",
        "Link",
        "Location",
        "Retry-After",
        "X-Request-Id",
        "RateLimit",
        "RateLimit-Policy",
        "Idempotency-Replayed",
    ];

    public static void AddCrossOrigin(this WebApplicationBuilder builder)
    {
        builder.AddSettings<CorsSettings>(CorsSettings.Section);
        builder.Services.AddCors();
        builder
            .Services.AddOptions<CorsOptions>()
            .Configure<CorsSettings>(
                (options, settings) =>
                    options.AddDefaultPolicy(policy =>
                        policy
                            .WithOrigins([.. settings.Origins])
                            .AllowAnyHeader()
                            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
                            .WithExposedHeaders(ExposedHeaders)
                            .SetPreflightMaxAge(TimeSpan.FromHours(1))
                    )
            );
    }

    /// <summary>Only browsers on other origins' pages send one; all others are spared the look at the policy.</summary>
    public static void UseCrossOrigin(this WebApplication app) =>
        app.UseWhen(static context => context.Request.Headers.Origin.Count > 0, static branch => branch.UseCors());
}
