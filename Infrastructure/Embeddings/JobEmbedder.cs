using Microsoft.Extensions.AI;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Vectors for work that can wait: an error that may pass is tried again after 1, 2 and 4 seconds, or when the provider says.</summary>
/// <remarks>A provider that keeps failing is left alone for a while, so that jobs fail at once and wait in the queue, not here.</remarks>
internal sealed class JobEmbedder
{
    /// <summary>A provider that wants a longer rest than this gets it from the queue.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Embedders _embedders;
    private readonly ResiliencePipeline _pipeline;
    private readonly int _batchSize;
    private readonly TimeSpan _rest;

    public JobEmbedder(Embedders embedders, EmbeddingSettings settings, TimeProvider clock)
    {
        _embedders = embedders;
        _batchSize = settings.BatchSize;
        // Ten times the first wait, and no less than the library takes.
        _rest = TimeSpan.FromMilliseconds(Math.Max(500, 10 * settings.RetryMilliseconds));
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = arguments =>
                        ValueTask.FromResult(
                            arguments.Outcome.Exception is EmbeddingException { IsPassing: true } error
                                && (error.RetryAfter ?? TimeSpan.Zero) <= LongestWait
                        ),
                    MaxRetryAttempts = 3,
                    Delay = TimeSpan.FromMilliseconds(settings.RetryMilliseconds),
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    DelayGenerator = arguments =>
                        ValueTask.FromResult((arguments.Outcome.Exception as EmbeddingException)?.RetryAfter),
                }
            )
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions
                {
                    // A provider that says how long to wait works as it should.
                    ShouldHandle = arguments =>
                        ValueTask.FromResult(
                            arguments.Outcome.Exception is EmbeddingException { IsPassing: true, RetryAfter: null }
                        ),
                    FailureRatio = 0.5,
                    MinimumThroughput = 4,
                    SamplingDuration = TimeSpan.FromSeconds(30),
                    BreakDuration = _rest,
                }
            )
            .Build();
    }

    /// <summary>The texts' vectors by the configured model, in their order, in as few requests as the settings allow.</summary>
    /// <exception cref="EmbeddingException">All attempts for one of the texts failed.</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(
        IReadOnlyList<string> texts,
        CancellationToken cancellationToken
    )
    {
        var vectors = new List<ReadOnlyMemory<float>>(texts.Count);
        foreach (var batch in texts.Chunk(_batchSize))
        {
            vectors.AddRange(await EmbedBatchAsync(batch, cancellationToken));
        }

        return vectors;
    }

    private async Task<IEnumerable<ReadOnlyMemory<float>>> EmbedBatchAsync(
        string[] texts,
        CancellationToken cancellationToken
    )
    {
        var embedder = _embedders.Find(_embedders.ConfiguredModel!)!;
        try
        {
            var vectors = await _pipeline.ExecuteAsync(
                static async (state, token) => await state.Embedder.GenerateAsync(state.Texts, null, token),
                (Embedder: embedder, Texts: texts),
                cancellationToken
            );
            return vectors.Select(vector => vector.Vector);
        }
        catch (BrokenCircuitException exception)
        {
            throw new EmbeddingException(
                "The embedding provider has failed several times and is not used for now.",
                exception
            )
            {
                IsPassing = true,
                RetryAfter = exception.RetryAfter ?? _rest,
            };
        }
    }
}
