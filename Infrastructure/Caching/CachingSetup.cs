using MarketsApi.Infrastructure.Redis;
using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Responses cached in memory and in Redis. Without Redis only memory is used.</summary>
internal static class CachingSetup
{
    public static void AddCaching(this WebApplicationBuilder builder)
    {
        builder.AddSettings<CacheSettings>(CacheSettings.Section);
        var services = builder.Services;
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
