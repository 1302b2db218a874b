using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Infrastructure.Jobs;
using Npgsql;

namespace MarketsApi.Features.Shared.Search;

/// <summary>Once the database is there: notices a model that it has no vectors of, loads what searches need, and chooses how neighbours are found.</summary>
internal sealed partial class VectorStartup(
    [FromKeyedServices(Database.ForJobs)] Database database,
    DatabaseReadiness readiness,
    VectorModels models,
    VectorExtension extension,
    VectorIndex index,
    Embedders embedders,
    JobQueue queue,
    JobSettings jobs,
    TimeProvider clock,
    ILogger<VectorStartup> logger
) : BackgroundService
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    /// <summary>How long a market that has gone may take a candidate's place.</summary>
    private static readonly TimeSpan BetweenReloads = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isNoticed = false;
        await readiness.WhenReady.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isNoticed)
                {
                    await NoticeModelAsync(stoppingToken);
                    isNoticed = true;
                }

                await LoadAsync(stoppingToken);
                await extension.PrepareAsync(stoppingToken);
                await WaitAsync(BetweenReloads, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseErrors.IsUnavailable(exception))
            {
                LogWaiting(exception.Message);
                await WaitAsync(Wait, stoppingToken);
            }
        }
    }

    private async Task WaitAsync(TimeSpan time, CancellationToken stoppingToken) =>
        await Task.Delay(time, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Has what searches need in memory; until then they go by words.</summary>
    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (await models.FindServingAsync(cancellationToken) is { } model)
        {
            embedders.FindReady(model.Model);
            await index.ReloadAsync(model, cancellationToken);
        }
    }

    private async Task NoticeModelAsync(CancellationToken cancellationToken)
    {
        var model = await models.FindConfiguredAsync(cancellationToken);
        if (model is null)
        {
            LogNone();
            return;
        }

        LogModel(model.Model);
        // A process without jobs leaves it to those that have them, which notice it themselves.
        if (model.CompletedAt is null && jobs.Enabled)
        {
            await database.ExecuteAsync(
                EnqueueSql.Reindex,
                new { JobId = Guid.CreateVersion7(clock.GetUtcNow()), Now = clock.GetStoredNow() },
                cancellationToken
            );
            queue.Wake();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Vectors are created with {model}")]
    private partial void LogModel(EmbeddingModel model);

    [LoggerMessage(Level = LogLevel.Information, Message = "No vectors are created")]
    private partial void LogNone();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Vectors can't be prepared yet: {reason}")]
    private partial void LogWaiting(string reason);
}
