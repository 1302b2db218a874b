using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>What a fault of the provider means for a job.</summary>
internal static class EmbeddingErrors
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    /// <summary>The job waits for a provider that is away, however long that is; what won't pass by itself counts as a failed attempt.</summary>
    public static Exception ForJob(this EmbeddingException fault) =>
        fault.IsPassing
            ? new JobPostponedException(fault.Message, fault.RetryAfter ?? Rest, fault)
            : new JobException(fault.Message, fault);
}
