using Microsoft.Extensions.AI;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>The embedder that needs nothing: it knows how texts are spelt, not what they mean.</summary>
/// <remarks>A text's first line is its title and weighs more than the rest, however long that is.</remarks>
internal sealed class LocalEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>How much the lines behind the title count beside it.</summary>
    private const double Rest = 0.3;

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Embed(text))))
        );

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }

    /// <summary>The vector of a text, of length 1; all zeros for a text without a letter or digit.</summary>
    public static float[] Embed(ReadOnlySpan<char> text)
    {
        var vector = new float[LocalProjection.Dimensions];
        Embed(text, vector);
        return vector;
    }

    /// <summary>The same, into memory of the caller's; allocates nothing for text in ASCII.</summary>
    public static void Embed(ReadOnlySpan<char> text, Span<float> vector)
    {
        Span<int> title = stackalloc int[LocalProjection.Dimensions];
        Span<int> rest = stackalloc int[LocalProjection.Dimensions];
        title.Clear();
        rest.Clear();
        var end = text.IndexOf('\n');
        LocalProjection.Add(end < 0 ? text : text[..end], title);
        if (end >= 0)
        {
            LocalProjection.Add(text[end..], rest);
        }

        var titleScale = Scale(title, 1);
        var restScale = Scale(rest, Rest);
        var squares = 0.0;
        for (var i = 0; i < vector.Length; i++)
        {
            var value = (title[i] * titleScale) + (rest[i] * restScale);
            vector[i] = (float)value;
            squares += value * value;
        }

        var length = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)(vector[i] * length);
        }
    }

    private static double Scale(ReadOnlySpan<int> sums, double weight)
    {
        var squares = 0L;
        foreach (var sum in sums)
        {
            squares += (long)sum * sum;
        }

        return squares > 0 ? weight / Math.Sqrt(squares) : 0;
    }
}
