using MarketsApi.Features.Shared.Search;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Features.IndexMarket;

/// <summary>Brings markets' search vectors up to date.</summary>
internal sealed class IndexMarketJob(
    [FromKeyedServices(Database.ForJobs)] Database database,
    VectorModels models,
    MarketVectors vectors
) : IBatchJob
{
    public string Kind => "index-market";

    public async Task RunAsync(IReadOnlyList<JobRun> runs, CancellationToken cancellationToken)
    {
        if (await models.FindConfiguredAsync(cancellationToken) is not { } model)
        {
            return;
        }

        var markets = await database.QueryAsync<MarketText>(
            IndexMarketSql.SelectTexts,
            new { MarketIds = runs.Select(run => Guid.Parse(run.Key!)).ToArray(), ModelId = model.Id },
            cancellationToken
        );
        try
        {
            await vectors.CreateAsync(model, markets, cancellationToken);
        }
        catch (EmbeddingException exception)
        {
            throw exception.ForJob();
        }
    }
}
