using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Requests for vectors, as a metric (OpenTelemetry's conventions for generative AI).</summary>
internal sealed class EmbeddingMetrics(IMeterFactory meters)
{
    private readonly Histogram<double> _duration = meters
        .Create("MarketsApi.Embeddings")
        .CreateHistogram<double>(
            "gen_ai.client.operation.duration",
            "s",
            "How long the provider of embeddings took for a request; gen_ai.request.model, and error.type where it failed.",
            tags: null,
            new InstrumentAdvice<double>
            {
                // From 10 ms, each twice the one before.
                HistogramBucketBoundaries = [.. Enumerable.Range(0, 13).Select(power => 0.01 * (1 << power))],
            }
        );

    /// <summary>Makes a request, and records how long it took and how it ended.</summary>
    public async Task<T> MeasureAsync<T>(EmbeddingModel model, Func<Task<T>> request)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var response = await request();
            Record(model, started, null);
            return response;
        }
        catch (Exception exception)
        {
            Record(model, started, exception);
            throw;
        }
    }

    private void Record(EmbeddingModel model, long started, Exception? exception)
    {
        var tags = new TagList
        {
            { "gen_ai.operation.name", "embeddings" },
            { "gen_ai.provider.name", model.Provider },
            { "gen_ai.request.model", model.Name },
        };
        if (exception is not null)
        {
            tags.Add("error.type", exception.GetType().FullName);
        }

        _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
    }
}
