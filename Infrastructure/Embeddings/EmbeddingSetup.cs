using System.Collections.Concurrent;
using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.AI;

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
        services.AddSingleton<QueryEmbedder>();
    }
}

/// <summary>The embedder of each model: of the configured one, and of others whose vectors are still searched.</summary>
internal sealed class Embedders(
    EmbeddingSettings settings,
    EmbeddingMetrics metrics,
    TimeProvider clock,
    ILoggerFactory loggers,
    string? onnxFolder = null
) : IDisposable
{
    private readonly ConcurrentDictionary<
        EmbeddingModel,
        Lazy<IEmbeddingGenerator<string, Embedding<float>>?>
    > _embedders = new();

    /// <summary>The model of new vectors; null when none are to be made.</summary>
    public EmbeddingModel? ConfiguredModel { get; } = settings.ConfiguredModel;

    /// <summary>The embedder of a model; null when it can't be asked any more, or nothing is to be embedded.</summary>
    public IEmbeddingGenerator<string, Embedding<float>>? Find(EmbeddingModel model) =>
        ConfiguredModel is null ? null : _embedders.GetOrAdd(model, added => new(() => Create(added))).Value;

    /// <summary>The same for those who can't wait: null also until the model is loaded, which begins now.</summary>
    public IEmbeddingGenerator<string, Embedding<float>>? FindReady(EmbeddingModel model)
    {
        var embedder = Find(model);
        if (embedder is not OnnxEmbedder { IsLoaded: false } loading)
        {
            return embedder;
        }

        _ = loading.LoadAsync();
        return null;
    }

    public void Dispose()
    {
        foreach (var embedder in _embedders.Values)
        {
            embedder.Value?.Dispose();
        }
    }

    /// <remarks>A server is asked for its former model, too: it most likely still has it.</remarks>
    private IEmbeddingGenerator<string, Embedding<float>>? Create(EmbeddingModel model) =>
        model == EmbeddingModel.Local ? new LocalEmbedder()
        // Who has chosen the small local embedder doesn't want the memory of this one, not even for a while.
        : model == EmbeddingModel.Onnx && settings.Provider != EmbeddingSettings.LocalProvider
            ? new OnnxEmbedder(onnxFolder ?? OnnxEmbedder.Folder, metrics, loggers.CreateLogger<OnnxEmbedder>())
        : model.Provider == EmbeddingSettings.OpenAIProvider && settings.Provider == model.Provider
            ? new OpenAIEmbedder(model, settings, metrics, clock)
        : null;
}
