namespace MarketsApi.Infrastructure.Search;

/// <summary>Vectors of texts: who makes them, where they are kept, and what is near to what.</summary>
internal static class EmbeddingSetup
{
    public static void AddEmbeddings(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<VectorSearch>();
}
