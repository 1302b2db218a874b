using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Embeddings;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Vectors from any server that speaks OpenAI's API: one request, one response, with its errors in plain sentences.</summary>
/// <remarks>The client library tries again by itself unless told not to; when and how often is decided in <see cref="JobEmbedder"/>.</remarks>
internal sealed class OpenAIEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingClient _client;
    private readonly OpenAI.Embeddings.EmbeddingGenerationOptions _options;
    private readonly EmbeddingModel _model;
    private readonly EmbeddingMetrics _metrics;
    private readonly TimeProvider _clock;

    public OpenAIEmbedder(
        EmbeddingModel model,
        EmbeddingSettings settings,
        EmbeddingMetrics metrics,
        TimeProvider clock
    )
    {
        _model = model;
        _metrics = metrics;
        _clock = clock;
        _options = new OpenAI.Embeddings.EmbeddingGenerationOptions { Dimensions = model.Dimensions };
        _client = new EmbeddingClient(
            model.Name,
            // The library insists on a key; servers that ask for none ignore it.
            new ApiKeyCredential(settings.ApiKey.Length > 0 ? settings.ApiKey : "none"),
            new OpenAIClientOptions
            {
                Endpoint = settings.EndpointAddress,
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
                NetworkTimeout = TimeSpan.FromSeconds(settings.TimeoutSeconds),
            }
        );
    }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        Microsoft.Extensions.AI.EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => _metrics.MeasureAsync(_model, () => SendAsync([.. values], cancellationToken));

    private async Task<GeneratedEmbeddings<Embedding<float>>> SendAsync(
        List<string> texts,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var response = await _client.GenerateEmbeddingsAsync(texts, _options, cancellationToken);
            return Read(response.Value, texts.Count);
        }
        catch (ClientResultException exception) when (exception.Status > 0)
        {
            throw ErrorOf(exception);
        }
        catch (Exception exception)
            when (exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new EmbeddingException("The embedding provider's response can't be read.", exception);
        }
        catch (Exception exception)
            when (!cancellationToken.IsCancellationRequested && exception is not EmbeddingException)
        {
            throw new EmbeddingException("The embedding provider doesn't respond.", exception) { IsPassing = true };
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }

    private GeneratedEmbeddings<Embedding<float>> Read(OpenAIEmbeddingCollection response, int count)
    {
        if (response.Count != count)
        {
            throw new EmbeddingException(
                $"The embedding provider returned {response.Count} vectors for {count} texts."
            );
        }

        var vectors = new Embedding<float>?[count];
        foreach (var item in response)
        {
            var vector = item.ToFloats();
            var expected = _model.Dimensions ?? vector.Length;
            if (vector.Length == 0 || vector.Length != expected)
            {
                throw new EmbeddingException(
                    $"The embedding provider returned vectors with {vector.Length} dimensions; Embeddings:Dimensions is {expected}."
                );
            }

            if (
                item.Index < 0
                || item.Index >= count
                || vectors[item.Index] is not null
                || !VectorCode.IsUsable(vector.Span)
            )
            {
                throw new EmbeddingException("The embedding provider's response can't be read.");
            }

            vectors[item.Index] = new Embedding<float>(vector);
        }

        return new GeneratedEmbeddings<Embedding<float>>(vectors!);
    }

    /// <remarks>The server's own message is left out: it may repeat the key.</remarks>
    private EmbeddingException ErrorOf(ClientResultException exception)
    {
        var status = exception.Status;
        var isPassing = status is 408 or 409 or 425 or 429 or >= 500;
        var advice = status switch
        {
            401 or 403 => ": it doesn't accept Embeddings:ApiKey",
            404 => ": it has no such address or model; check Embeddings:Endpoint and Embeddings:Model",
            429 => ": too many requests",
            >= 400 and < 500 when !isPassing =>
                ": it rejected the request; check Embeddings:Model and Embeddings:Dimensions",
            _ => "",
        };
        return new EmbeddingException($"The embedding provider responded with {status}{advice}.", exception)
        {
            IsPassing = isPassing,
            RetryAfter = RetryAfterOf(exception.GetRawResponse()),
        };
    }

    private TimeSpan? RetryAfterOf(PipelineResponse? response)
    {
        if (response?.Headers.TryGetValue("Retry-After", out var value) != true)
        {
            return null;
        }

        if (
            double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and < 1e6
        )
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out var time)
            ? TimeSpan.FromTicks(Math.Max(0, (time - _clock.GetUtcNow()).Ticks))
            : null;
    }
}
