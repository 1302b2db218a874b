namespace MarketsApi.Features.Shared.Search;

/// <summary>The vectors of markets: where they are stored, and which are near to which.</summary>
internal static class SearchSetup
{
    public static void AddSearch(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<VectorModels>();
        services.AddSingleton<VectorExtension>();
        services.AddSingleton<VectorIndex>();
        services.AddSingleton<VectorSearch>();
        services.AddSingleton<MarketVectors>();
        services.AddHostedService<VectorStartup>();
    }
}
