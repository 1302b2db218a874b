using MarketsApi.Features.Shared.Search;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Features.IndexMarket;

/// <summary>Brings a market's search vector up to date.</summary>
internal sealed class IndexMarketJob(
    [FromKeyedServices(Database.ForJobs)] Database database,
    VectorModels models,
    EmbeddingBatches embedder,
    MarketVectors vectors
) : IJob
{
    public string Kind => "index-market";

    public async Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        if (await models.FindConfiguredAsync(cancellationToken) is not { } model)
        {
            return;
        }

        var market = await database.ExecuteReturningRowAsync<MarketText>(
            IndexMarketSql.SelectText,
            new { MarketId = Guid.Parse(run.Key!), ModelId = model.Id },
            cancellationToken
        );
        if (market is null)
        {
            return;
        }

        try
        {
            var vector = await embedder.EmbedAsync(market.Text, cancellationToken);
            await vectors.StoreAsync(model, market, vector, cancellationToken);
        }
        catch (EmbeddingException exception)
        {
            throw exception.ForJob();
        }
    }
}
