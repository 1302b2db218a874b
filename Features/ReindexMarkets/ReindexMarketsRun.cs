using MarketsApi.Features.Shared.Search;
using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.ReindexMarkets;

/// <summary>Creates the missing vectors, one batch of markets after the other. Stored vectors stay, so it can be stopped and started again.</summary>
internal sealed class ReindexMarketsRun(
    Database database,
    VectorModels models,
    MarketVectors vectors,
    TimeProvider clock
)
{
    /// <summary>Goes through all markets, or as far as the time allows.</summary>
    public async Task<ReindexMarketsResult> RunAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        if (await models.FindConfiguredAsync(cancellationToken) is not { } model)
        {
            return new ReindexMarketsResult(null, 0, IsComplete: true);
        }

        var start = clock.GetTimestamp();
        var done = 0;
        var after = Guid.Empty;
        while (true)
        {
            var markets = await database.QueryAsync<MarketText>(
                ReindexMarketsSql.SelectNext,
                new { After = after, ModelId = model.Id },
                cancellationToken
            );
            if (markets is not [.., var last])
            {
                await models.CompleteAsync(model, cancellationToken);
                return new ReindexMarketsResult(model.Model, done, IsComplete: true);
            }

            if (clock.GetElapsedTime(start) >= time)
            {
                return new ReindexMarketsResult(model.Model, done, IsComplete: false);
            }

            await vectors.CreateAsync(model, markets, cancellationToken);
            done += markets.Count;
            after = last.Id;
        }
    }
}

/// <summary>What has been done.</summary>
/// <param name="Model">The model of the vectors; null when none are to be made.</param>
/// <param name="Markets">How many markets got one.</param>
/// <param name="IsComplete">Whether none is missing now.</param>
internal sealed record ReindexMarketsResult(EmbeddingModel? Model, int Markets, bool IsComplete);
