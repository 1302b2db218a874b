using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Turning texts into vectors.</summary>
internal static class EmbeddingSetup
{
    public static void AddEmbeddings(this WebApplicationBuilder builder)
    {
        builder.AddSettings<EmbeddingSettings>(EmbeddingSettings.Section);
        var services = builder.Services;
        services.AddSingleton<EmbeddingMetrics>();
        services.AddSingleton<Embedders>();
        services.AddSingleton<JobEmbedder>();
        services.AddSingleton<EmbeddingBatches>();
        services.AddSingleton<QueryEmbedder>();
    }
}
