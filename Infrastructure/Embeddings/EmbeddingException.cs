namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>The provider made no vector, or none that can be used.</summary>
internal sealed class EmbeddingException : Exception
{
    public EmbeddingException(string message, Exception? inner = null)
        : base(message, inner) { }

    /// <summary>Whether the same request may go through later.</summary>
    public bool IsPassing { get; init; }

    /// <summary>Whether the provider refused what was sent, be it one text of many.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>How long the provider asks to wait, when it says so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
