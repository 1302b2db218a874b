using Microsoft.Extensions.AI;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>What made a vector: vectors of different models can't be compared.</summary>
/// <param name="Provider">As in the setting.</param>
/// <param name="Name">Which of the provider's models.</param>
/// <param name="Dimensions">How many dimensions were asked for; null for the model's own number.</param>
internal sealed record EmbeddingModel(string Provider, string Name, int? Dimensions)
{
    /// <summary>The local embedder in its present form; another form needs another number.</summary>
    public static EmbeddingModel Local { get; } = new(EmbeddingSettings.LocalProvider, "projection-1", null);

    /// <summary>The model in this process, and how texts are made into what it reads; another way needs another number.</summary>
    public static EmbeddingModel Onnx { get; } = new(EmbeddingSettings.OnnxProvider, "arctic-embed-xs-1", null);

    /// <summary>Whether vectors are made in this process, so that sharing requests saves nothing.</summary>
    public bool IsInProcess => Provider is EmbeddingSettings.LocalProvider or EmbeddingSettings.OnnxProvider;

    public override string ToString() =>
        Dimensions is { } number ? $"{Provider} {Name} ({number})" : $"{Provider} {Name}";
}

/// <summary>What a text is for: some models read a query differently from the texts that it is to find.</summary>
internal static class EmbeddingPurpose
{
    private const string Key = "purpose";

    /// <summary>For a text that others are to be found by.</summary>
    public static EmbeddingGenerationOptions Query { get; } =
        new() { AdditionalProperties = new AdditionalPropertiesDictionary { [Key] = nameof(Query) } };

    public static bool IsQuery(this EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties?.ContainsKey(Key) == true;
}
