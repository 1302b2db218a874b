namespace MarketsApi.Infrastructure.Search;

/// <summary>Finds markets by what their texts are near to, for a search that has words of its own.</summary>
internal sealed class VectorSearch
{
    /// <summary>Whether vectors tell meaning, not just spelling: those of the local provider don't, and only fill what words leave short.</summary>
    public bool IsSemantic { get; }

    /// <summary>The markets nearest to a text, best first, ties by id; drafts are never among them.</summary>
    /// <param name="text">What is sought.</param>
    /// <param name="count">How many at most, up to 200.</param>
    /// <param name="status">Only markets with this status, unless null.</param>
    /// <param name="category">Only markets of this category, unless null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when there are no vectors to search or the provider doesn't answer within its short time: the search is then lexical.</returns>
    public Task<IReadOnlyList<VectorHit>?> FindAsync(
        string text,
        int count,
        string? status,
        string? category,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<VectorHit>?>(null);
}
