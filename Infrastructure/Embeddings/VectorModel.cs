namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>A model of which the database has vectors, or will have.</summary>
internal sealed record VectorModel
{
    /// <summary>Its number in the tables.</summary>
    public short Id { get; init; }

    /// <summary>Who makes its vectors.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Which of the provider's models.</summary>
    public string Name { get; init; } = "";

    /// <summary>How many dimensions were asked for.</summary>
    public int? Dimensions { get; init; }

    /// <summary>When every market had a vector of it; null until then.</summary>
    public DateTime? CompletedAt { get; init; }

    /// <summary>What the provider is asked for.</summary>
    public EmbeddingModel Model => new(Provider, Name, Dimensions);

    /// <summary>Whether its vectors tell meaning, not just spelling: those of the local provider don't.</summary>
    public bool IsSemantic => Provider != EmbeddingSettings.LocalProvider;
}
