using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Who makes vectors of which model: the configured one, and others whose vectors are still searched.</summary>
/// <param name="settings">What is configured.</param>
/// <param name="configured">The configured model's embedder.</param>
internal sealed class Embedders(EmbeddingSettings settings, IEmbeddingGenerator<string, Embedding<float>> configured)
{
    private readonly ConcurrentDictionary<EmbeddingModel, IEmbeddingGenerator<string, Embedding<float>>?> _others =
        new();

    /// <summary>The model of new vectors; null when none are to be made.</summary>
    public EmbeddingModel? ConfiguredModel { get; } = settings.ConfiguredModel;

    /// <summary>The configured model's embedder, as set up by <see cref="EmbeddingSetup"/>.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> Create(EmbeddingSettings settings) =>
        settings is { Provider: EmbeddingSettings.OpenAIProvider, ConfiguredModel: { } model }
            ? new OpenAIEmbedder(model, settings)
            : new LocalEmbedder();

    /// <summary>The embedder of a model; null when nobody can be asked for it any more.</summary>
    public IEmbeddingGenerator<string, Embedding<float>>? Find(EmbeddingModel model) =>
        ConfiguredModel is null ? null
        : model == ConfiguredModel ? configured
        : _others.GetOrAdd(model, CreateOther);

    /// <remarks>A server of before is asked for its former model, too: it most likely still has it.</remarks>
    private IEmbeddingGenerator<string, Embedding<float>>? CreateOther(EmbeddingModel model) =>
        model == EmbeddingModel.Local ? new LocalEmbedder()
        : model.Provider == EmbeddingSettings.OpenAIProvider && settings.Provider == model.Provider
            ? new OpenAIEmbedder(model, settings)
        : null;
}
