using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>No caller takes more than their share, on whichever instance.</summary>
internal static class RateLimitSetup
{
    public static void AddRateLimiting(this WebApplicationBuilder builder)
    {
        builder.AddSettings<RateLimitSettings>(RateLimitSettings.Section);
        var services = builder.Services;
        services.AddSingleton<RateLimitMetrics>();
        services.AddSingleton<WindowTable>();
        services.AddSingleton<RedisWindows>();
        services.AddSingleton<RateLimiter>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisWindows>());
    }

    /// <summary>Rejects requests over a limit before anything is done for them; goes behind authentication, in front of the response cache.</summary>
    public static void UseRateLimiting(this WebApplication app) => app.UseMiddleware<RateLimitMiddleware>();

    /// <summary>Stops the start when the settings have a policy that no route uses: it would limit nothing.</summary>
    /// <exception cref="OptionsValidationException">There is one.</exception>
    public static void CheckRateLimits(this WebApplication app)
    {
        var named = ((IEndpointRouteBuilder)app)
            .DataSources.SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.Metadata.GetMetadata<RateLimitMetadata>()?.Policy)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var wrong = app
            .Services.GetRequiredService<RateLimitSettings>()
            .Policies.Keys.Except(named, StringComparer.OrdinalIgnoreCase)
            .Select(name =>
                $"No route uses the policy RateLimiting:Policies:{name}; known policies: {string.Join(", ", named)}."
            )
            .ToList();
        if (wrong.Count > 0)
        {
            throw new OptionsValidationException(RateLimitSettings.Section, typeof(RateLimitSettings), wrong);
        }
    }
}
