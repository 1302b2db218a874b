using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>Answers kept in memory and in Redis; Redis is used when it is there and done without when it isn't.</summary>
internal static class CachingSetup
{
    public static void AddCaching(this WebApplicationBuilder builder)
    {
        builder.AddSettings<CacheSettings>();
        var services = builder.Services;
        services.AddSingleton<RedisConnection>();
        services.AddSingleton<KnownItems>();
        services.AddSingleton<LocalCopies>();
        services.AddSingleton<CacheMetrics>();
        services.AddSingleton<ChangeConfirmations>();
        services.AddSingleton<RedisLink>();
        services.AddSingleton<RedisItems>();
        services.AddSingleton<ItemCache>();
        services.AddSingleton<ListCache>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisLink>());
        services.AddHostedService<RedisWatch>();
    }

    /// <summary>Answers what is kept before anything else is done; goes behind routing and in front of authorization.</summary>
    public static void UseCaching(this WebApplication app) => app.UseMiddleware<KeptAnswers>();
}
