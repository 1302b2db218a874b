using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.Shared.Search;

/// <summary>The stored vectors of markets.</summary>
internal sealed class MarketVectors(
    [FromKeyedServices(Database.ForJobs)] Database database,
    JobEmbedder embedder,
    VectorIndex index
)
{
    /// <summary>Makes vectors by the configured model and stores them, but not those of markets that have another text by then.</summary>
    /// <exception cref="EmbeddingException">They can't be made.</exception>
    public async Task CreateAsync(
        VectorModel model,
        IReadOnlyList<MarketText> markets,
        CancellationToken cancellationToken
    )
    {
        var vectors = await embedder.EmbedAsync([.. markets.Select(market => market.Text)], cancellationToken);
        var usable = markets.Zip(vectors).Where(pair => VectorCode.IsUsable(pair.Second.Span)).ToList();
        if (usable.Count > 0)
        {
            await database.ExecuteAsync(
                VectorSql.Upsert,
                RowParameters.Of([.. usable.Select(pair => RowOf(model, pair.First, pair.Second))]),
                cancellationToken
            );
            index.NoteChange();
        }
    }

    private static object RowOf(VectorModel model, MarketText market, ReadOnlyMemory<float> vector) =>
        new
        {
            MarketId = market.Id,
            ModelId = model.Id,
            market.TextHash,
            Bits = VectorCode.SignsOf(vector.Span),
            Vector = VectorCode.BytesOf(vector.Span),
        };
}
