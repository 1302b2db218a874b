using System.CommandLine;
using System.Globalization;
using MarketsApi.Infrastructure.CommandLine;
using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.ReindexMarkets;

/// <summary>The verb that makes missing search vectors now, instead of in the background.</summary>
internal sealed class ReindexMarketsCommand(IServiceProvider services, Lazy<Migrator> migrator, TimeProvider clock)
    : IVerb
{
    public Command Describe()
    {
        var command = new Command(
            "reindex",
            "Create the missing search vectors. The server does the same in the background after an import or a change of the embedding model."
        );
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        try
        {
            await migrator.Value.RequireMigratedAsync(cancellationToken);
            var run = ActivatorUtilities.CreateInstance<ReindexMarketsRun>(services);
            var result = await run.RunAsync(TimeSpan.MaxValue, cancellationToken);
            Console.WriteLine(
                result.Model is null
                    ? "Embeddings:Provider is none, so no vectors were created."
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"Created vectors of {result.Markets} markets with {result.Model} in {clock.GetElapsedTime(start).TotalSeconds:F1} s; no vector is missing."
                    )
            );
            return 0;
        }
        catch (EmbeddingException exception)
        {
            await Console.Error.WriteLineAsync(
                $"{exception.Message} The vectors created so far are stored; run it again later."
            );
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped; the vectors created so far are stored.");
            return 1;
        }
    }
}
