using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.Shared.Search;

/// <summary>Finds markets by what their texts are near to, for a search that has words of its own.</summary>
internal sealed class VectorSearch(VectorModels models, QueryEmbedder embedder, VectorIndex index)
{
    /// <summary>The model that is searched at present; null when there are no vectors to search.</summary>
    public Task<VectorModel?> FindServingAsync(CancellationToken cancellationToken) =>
        models.FindServingAsync(cancellationToken);

    /// <summary>The markets nearest to a text, best first, ties by id; drafts are never among them.</summary>
    /// <param name="reader">Reads for the caller.</param>
    /// <param name="model">The model that is searched.</param>
    /// <param name="text">What is sought.</param>
    /// <param name="candidates">How many, found by their signs, are compared exactly.</param>
    /// <param name="status">Only markets with this status, unless null.</param>
    /// <param name="category">Only markets of this category, unless null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when the provider doesn't respond in time, or the text has nothing to make a vector of: the search is then lexical.</returns>
    public async Task<IReadOnlyList<VectorHit>?> FindAsync(
        DatabaseReader reader,
        VectorModel model,
        string text,
        int candidates,
        string? status,
        string? category,
        CancellationToken cancellationToken
    ) =>
        await embedder.FindAsync(model.Model, text, EmbeddingPurpose.Query, cancellationToken) is { } vector
            ? await index.FindAsync(reader, model, vector, candidates, null, status, category, cancellationToken)
            : null;
}
