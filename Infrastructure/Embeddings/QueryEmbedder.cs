using Microsoft.Extensions.AI;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Vectors for requests, which can't wait: one try within a short time, and none at all while the provider keeps failing.</summary>
internal sealed class QueryEmbedder
{
    private readonly Embedders _embedders;
    private readonly ResiliencePipeline _pipeline;

    public QueryEmbedder(Embedders embedders, EmbeddingSettings settings, TimeProvider clock)
    {
        _embedders = embedders;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions
                {
                    ShouldHandle = arguments =>
                        ValueTask.FromResult(
                            arguments.Outcome.Exception is EmbeddingException or TimeoutRejectedException
                        ),
                    FailureRatio = 0.5,
                    MinimumThroughput = 3,
                    SamplingDuration = TimeSpan.FromSeconds(10),
                    BreakDuration = TimeSpan.FromSeconds(5),
                }
            )
            .AddTimeout(TimeSpan.FromMilliseconds(settings.QueryTimeoutMilliseconds))
            .Build();
    }

    /// <summary>The text's vector; null when none was made in time, the model is still being loaded, or the text has nothing to make one of.</summary>
    public async Task<ReadOnlyMemory<float>?> FindAsync(
        EmbeddingModel model,
        string text,
        EmbeddingGenerationOptions? purpose,
        CancellationToken cancellationToken
    )
    {
        var embedder = _embedders.FindReady(model);
        if (embedder is null)
        {
            return null;
        }

        try
        {
            var vectors =
                embedder is LocalEmbedder
                    ? await embedder.GenerateAsync([text], purpose, cancellationToken)
                    : await _pipeline.ExecuteAsync(
                        static async (state, token) =>
                            await state.Embedder.GenerateAsync([state.Text], state.Purpose, token),
                        (Embedder: embedder, Text: text, Purpose: purpose),
                        cancellationToken
                    );
            var vector = vectors[0].Vector;
            return VectorCode.IsUsable(vector.Span) ? vector : (ReadOnlyMemory<float>?)null;
        }
        catch (Exception exception)
            when (exception is EmbeddingException or TimeoutRejectedException or BrokenCircuitException)
        {
            return null;
        }
    }
}
