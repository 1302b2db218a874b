namespace MarketsApi.Infrastructure.CommandLine;

/// <summary>A service that is made when it is first used: a verb that needs no database then also runs without one being configured.</summary>
internal sealed class LazyService<T>(IServiceProvider services) : Lazy<T>(services.GetRequiredService<T>)
    where T : class;
