using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.ReindexMarkets;

/// <summary>What has been done.</summary>
/// <param name="Model">The model of the vectors; null when none are to be made.</param>
/// <param name="Markets">How many markets got one.</param>
/// <param name="IsComplete">Whether none is missing now.</param>
internal sealed record ReindexMarketsResult(EmbeddingModel? Model, int Markets, bool IsComplete);
