using MarketsApi.Features.Shared.Search;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Features.ReindexMarkets;

/// <summary>Creates missing vectors in the background: after an import, a change of the model, or an outage that outlasted the jobs.</summary>
internal sealed class ReindexMarketsJob(
    [FromKeyedServices(Database.ForJobs)] Database database,
    VectorModels models,
    MarketVectors vectors,
    TimeProvider clock
) : IRecurringJob
{
    /// <summary>How long it goes on before it lets others have their turn.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(2);

    public string Kind => "reindex-markets";

    public TimeSpan Interval => TimeSpan.FromMinutes(5);

    public async Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        ReindexMarketsResult result;
        try
        {
            result = await new ReindexMarketsRun(database, models, vectors, clock).RunAsync(Turn, cancellationToken);
        }
        catch (EmbeddingException exception)
        {
            throw exception.ForJob();
        }

        if (!result.IsComplete)
        {
            throw new JobPostponedException($"Created vectors of {result.Markets} markets; continuing.", TimeSpan.Zero);
        }
    }
}
