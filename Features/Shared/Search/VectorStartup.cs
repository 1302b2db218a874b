using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Infrastructure.Jobs;
using Npgsql;

namespace MarketsApi.Features.Shared.Search;

/// <summary>Once the database is there: notices a model that it has no vectors of, and chooses how neighbours are found.</summary>
internal sealed partial class VectorStartup(
    [FromKeyedServices(Database.ForJobs)] Database database,
    DatabaseReadiness readiness,
    VectorModels models,
    VectorExtension extension,
    JobQueue queue,
    JobSettings jobs,
    TimeProvider clock,
    ILogger<VectorStartup> logger
) : BackgroundService
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

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

                await extension.PrepareAsync(stoppingToken);
                return;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseErrors.IsUnavailable(exception))
            {
                LogWaiting(exception.Message);
                await Task.Delay(Wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Vectors are made by {model}")]
    private partial void LogModel(EmbeddingModel model);

    [LoggerMessage(Level = LogLevel.Information, Message = "No vectors are made")]
    private partial void LogNone();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Vectors can't be prepared yet: {reason}")]
    private partial void LogWaiting(string reason);
}
