namespace MarketsApi.Infrastructure.Search;

/// <summary>Finds markets by what their texts are near to, for a search that has words of its own.</summary>
internal sealed class VectorSearch(VectorModels models, QuickEmbedder embedder, VectorIndex index)
{
    private volatile bool _isSemantic;

    /// <summary>Whether vectors tell meaning, not just spelling: those of the local provider don't, and only fill what words leave short.</summary>
    /// <remarks>Of the model that was searched last: while another one is being built up, that is the former.</remarks>
    public bool IsSemantic => _isSemantic;

    /// <summary>The markets nearest to a text, best first, ties by id; drafts are never among them.</summary>
    /// <param name="text">What is sought.</param>
    /// <param name="count">How many at most, up to <see cref="VectorIndex.MaxCount"/>.</param>
    /// <param name="status">Only markets with this status, unless null.</param>
    /// <param name="category">Only markets of this category, unless null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when there are no vectors to search or the provider doesn't answer within its short time: the search is then lexical.</returns>
    public async Task<IReadOnlyList<VectorHit>?> FindAsync(
        string text,
        int count,
        string? status,
        string? category,
        CancellationToken cancellationToken
    )
    {
        if (
            await models.FindServingAsync(cancellationToken) is not { } model
            || await embedder.FindAsync(model.Model, text, cancellationToken) is not { } vector
        )
        {
            return null;
        }

        _isSemantic = model.Provider != EmbeddingSettings.LocalProvider;
        return await index.FindAsync(model, vector, count, null, status, category, cancellationToken);
    }
}
