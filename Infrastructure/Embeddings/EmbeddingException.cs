using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>The provider made no vector, or none that can be used.</summary>
internal sealed class EmbeddingException(string message, Exception? inner = null) : Exception(message, inner)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsPassing { get; init; }

    /// <summary>How long the provider asks to wait, when it says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What it means for a job: it waits for an unavailable provider without a limit; any other error counts as a failed attempt.</summary>
    public Exception ForJob() =>
        IsPassing ? new JobPostponedException(Message, RetryAfter ?? Rest, this) : new JobException(Message, this);
}
