using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Requests for vectors, as a metric (meter MarketsApi.Embeddings; OpenTelemetry's conventions for generative AI).</summary>
internal static class EmbeddingMetrics
{
    /// <summary>How long the provider took for one request.</summary>
    private static readonly Histogram<double> Duration = new Meter("MarketsApi.Embeddings").CreateHistogram<double>(
        "gen_ai.client.operation.duration",
        "s",
        "How long the provider of embeddings took for a request; gen_ai.request.model, and error.type where it failed.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [
                0.01,
                0.02,
                0.04,
                0.08,
                0.16,
                0.32,
                0.64,
                1.28,
                2.56,
                5.12,
                10.24,
                20.48,
                40.96,
            ],
        }
    );

    /// <summary>Makes a request, and notes how long it took and how it ended.</summary>
    public static async Task<T> MeasureAsync<T>(EmbeddingModel model, Func<Task<T>> request)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var answer = await request();
            Note(model, started, null);
            return answer;
        }
        catch (Exception exception)
        {
            Note(model, started, exception);
            throw;
        }
    }

    private static void Note(EmbeddingModel model, long started, Exception? exception)
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

        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
    }
}
