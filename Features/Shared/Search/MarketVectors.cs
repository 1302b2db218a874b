using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.Shared.Search;

/// <summary>The stored vectors of markets.</summary>
internal sealed class MarketVectors([FromKeyedServices(Database.ForJobs)] Database database, VectorIndex index)
{
    /// <summary>Stores vectors, of those markets that still have the text that they were made from.</summary>
    public async Task StoreAsync(
        VectorModel model,
        IReadOnlyList<MarketText> markets,
        IReadOnlyList<ReadOnlyMemory<float>> vectors,
        CancellationToken cancellationToken
    )
    {
        var usable = markets.Zip(vectors).Where(pair => VectorCode.IsUsable(pair.Second.Span)).ToList();
        await database.ExecuteAsync(
            VectorSql.Upsert,
            new
            {
                ModelId = model.Id,
                Ids = usable.Select(pair => pair.First.Id).ToArray(),
                TextHashes = usable.Select(pair => pair.First.TextHash).ToArray(),
                Bits = usable.Select(pair => VectorCode.SignsOf(pair.Second.Span)).ToArray(),
                Vectors = usable.Select(pair => VectorCode.BytesOf(pair.Second.Span)).ToArray(),
            },
            cancellationToken
        );
        index.NoteChange();
    }
}
