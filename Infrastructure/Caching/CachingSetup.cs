using MarketsApi.Infrastructure.Redis;
using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Responses cached in memory and in Redis. Without Redis only memory is used.</summary>
internal static class CachingSetup
{
    public static void AddCaching(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        // In front of what binds the settings, so that a value that is set wins.
        services
            .AddOptions<CacheSettings>()
            .Configure<IConfiguration>(
                static (settings, configuration) =>
                {
                    if (!string.IsNullOrEmpty(configuration.GetConnectionString("Redis")))
                    {
                        settings.MemorySeconds = CacheSettings.MemorySecondsWithRedis;
                    }
                }
            );
        builder.AddSettings<CacheSettings>(CacheSettings.Section);
        services.AddSingleton<IValidateOptions<ConnectionStringSettings>, RedisAddress.Validator>();
        services.AddSingleton<RedisConnection>();
        services.AddSingleton<ItemVersionTable>();
        services.AddSingleton<LocalCache>();
        services.AddSingleton<CacheMetrics>();
        services.AddSingleton<InvalidationAcks>();
        services.AddSingleton<InvalidationBus>();
        services.AddSingleton<RedisItems>();
        services.AddSingleton<ItemCache>();
        services.AddSingleton<ListCache>();
        services.AddHostedService(provider => provider.GetRequiredService<InvalidationBus>());
    }

    /// <summary>Responds from memory before anything else is done; goes behind limits and in front of authorization.</summary>
    public static void UseResponseCache(this WebApplication app) => app.UseMiddleware<ResponseCacheMiddleware>();
}

/// <summary>Caching as an endpoint's declaration.</summary>
internal static class CachingExtensions
{
    /// <summary>Declares that the item in this route parameter comes through <see cref="ItemCache"/>; callers without a token then get public items that are in memory past the handler.</summary>
    public static TBuilder CachesItem<TBuilder>(this TBuilder builder, string idParameter)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CacheMetadata(idParameter));

    /// <summary>Declares that the list comes through <see cref="ListCache"/>; callers without a token then get what is in memory past the handler.</summary>
    public static TBuilder CachesList<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CacheMetadata(null));
}

/// <summary>Declares that an endpoint's responses are cached.</summary>
/// <param name="IdParameter">The route parameter with the item's id; null for a list.</param>
internal sealed record CacheMetadata(string? IdParameter);
