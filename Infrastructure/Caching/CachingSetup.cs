namespace MarketsApi.Infrastructure.Caching;

/// <summary>Redis, which the program uses when it is there and does without when it isn't.</summary>
internal static class CachingSetup
{
    public static void AddCaching(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<RedisConnection>();
}
