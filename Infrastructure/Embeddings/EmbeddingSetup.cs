using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Vectors of texts: who makes them, where they are kept, and what is near to what.</summary>
internal static class EmbeddingSetup
{
    public static void AddEmbeddings(this WebApplicationBuilder builder)
    {
        builder.AddSettings<EmbeddingSettings>(EmbeddingSettings.Section);
        var services = builder.Services;
        services.AddSingleton(provider => Embedders.Create(provider.GetRequiredService<EmbeddingSettings>()));
        services.AddSingleton<Embedders>();
        services.AddSingleton<JobEmbedder>();
        services.AddSingleton<EmbeddingBatches>();
        services.AddSingleton<QueryEmbedder>();
        services.AddSingleton<VectorModels>();
        services.AddSingleton<VectorExtension>();
        services.AddSingleton<VectorIndex>();
        services.AddSingleton<VectorSearch>();
        services.AddSingleton<MarketVectors>();
        services.AddHostedService<VectorStartup>();
    }
}
