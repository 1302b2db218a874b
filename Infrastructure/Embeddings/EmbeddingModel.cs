namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>What made a vector: vectors of different models can't be compared.</summary>
/// <param name="Provider">Who, as in the setting.</param>
/// <param name="Name">Which of the provider's models.</param>
/// <param name="Dimensions">How many dimensions were asked for; null for the model's own number.</param>
internal sealed record EmbeddingModel(string Provider, string Name, int? Dimensions)
{
    /// <summary>The local embedder in its present form; another form needs another number.</summary>
    public static EmbeddingModel Local { get; } = new(EmbeddingSettings.LocalProvider, "projection-1", null);

    public override string ToString() =>
        Dimensions is { } number ? $"{Provider} {Name} ({number})" : $"{Provider} {Name}";
}
