using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Embeddings;

public sealed class OnnxEmbedderTests : IDisposable
{
    private readonly EmbedderParts _parts = new(new EmbeddingSettings { Provider = "onnx" });

    private OnnxEmbedder Embedder => Assert.IsType<OnnxEmbedder>(_parts.Embedders.Find(EmbeddingModel.Onnx));

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task Makes_the_vectors_of_the_original_model_at_full_precision()
    {
        var folder = Path.Combine(SourceTree.Root, "tests/MarketsApi.Tests/Infrastructure/Embeddings");
        using var recorded = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(folder, "arctic-embed-xs.json"), Cancel)
        );

        var texts = recorded.RootElement.EnumerateArray().ToList();
        var made = await EmbedAsync([.. texts.Select(text => text.Text("text")!)]);

        Assert.Equal(10, made.Count);
        Assert.All(
            texts.Zip(made),
            pair =>
            {
                var expected = MemoryMarshal.Cast<byte, Half>(pair.First.GetProperty("vector").GetBytesFromBase64());
                var vector = new float[expected.Length];
                TensorPrimitives.ConvertToSingle(expected, vector);
                Assert.Equal(1, Cosine(vector, pair.Second), 0.01);
                Assert.Equal(1, TensorPrimitives.Norm<float>(pair.Second), 0.0001);
            }
        );
    }

    [Fact]
    public async Task A_query_is_near_to_what_means_the_same_in_other_words()
    {
        var query = await EmbedAsync(["jobless rate"], EmbeddingPurpose.Query);
        var names = await EmbedAsync([
            "Will unemployment in the United States rise above 5%?",
            "Will the rate of the train to Berlin change?",
            "Who will win the Eurovision Song Contest?",
        ]);

        var cosines = names.Select(name => Cosine(query[0], name)).ToList();

        Assert.Equal(cosines[0], cosines.Max());
        Assert.True(cosines[0] > cosines[1] + 0.03, string.Join(", ", cosines));
        Assert.NotEqual(query, await EmbedAsync(["jobless rate"]));
    }

    [Fact]
    public async Task The_first_line_counts_as_much_as_all_and_only_the_beginning_of_the_rest_is_read()
    {
        var rest = string.Concat(Enumerable.Repeat("a word 🐟 ", 36));
        var vectors = await EmbedAsync([
            "Title",
            "Title\n" + rest[..359],
            "Title\n" + rest,
            "Title\n" + rest + "beyond",
        ]);
        var whole = await EmbedAsync(["Title " + rest[..359]]);

        var sum = vectors[0].Zip(whole[0], (one, other) => one + other).ToArray();

        Assert.Equal(1, Cosine(sum, vectors[1]), 0.0001);
        Assert.Equal(1, Cosine(vectors[2], vectors[3]), 0.0001);
    }

    [Fact]
    public async Task Many_at_once_get_the_same_vectors()
    {
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => $"Will {i} of {i * 7} things happen in 20{i}?")];
        var one = await EmbedAsync(texts, EmbeddingPurpose.Query);

        var many = await Task.WhenAll(texts.Select(text => EmbedAsync([text], EmbeddingPurpose.Query)));

        Assert.Equal(one, many.Select(vectors => vectors[0]));
    }

    [Fact]
    public async Task A_caller_that_can_t_wait_doesn_t_get_it_before_it_is_loaded()
    {
        Assert.Null(_parts.Embedders.FindReady(EmbeddingModel.Onnx));

        await Embedder.LoadAsync();

        Assert.Same(Embedder, _parts.Embedders.FindReady(EmbeddingModel.Onnx));
    }

    [Fact]
    public async Task Without_its_files_it_says_so_and_is_never_ready()
    {
        using var missing = new OnnxEmbedder("/nowhere", _parts.Metrics, NullLogger<OnnxEmbedder>.Instance);

        var error = await Assert.ThrowsAsync<EmbeddingException>(() => missing.GenerateAsync(["text"], null, Cancel));

        Assert.Equal("The embedding model can't be loaded.", error.Message);
        Assert.False(error.IsPassing);
        Assert.False(missing.IsLoaded);
    }

    [Fact]
    public async Task Stopped_while_it_embeds_it_ends_with_the_text_at_hand()
    {
        // The model's memory is given back: whatever is still reading it would take the process down.
        for (var time = 0; time < 5; time++)
        {
            var embedder = new OnnxEmbedder(OnnxEmbedder.Folder, _parts.Metrics, NullLogger<OnnxEmbedder>.Instance);
            await embedder.LoadAsync();
            Task[] all =
            [
                .. Enumerable
                    .Range(0, 4)
                    .Select(number =>
                        embedder.GenerateAsync(
                            Enumerable.Repeat(string.Join(' ', Enumerable.Repeat("word", 200)), 1_000),
                            number % 2 == 0 ? null : EmbeddingPurpose.Query,
                            Cancel
                        )
                    ),
            ];
            await Task.Delay(Random.Shared.Next(20, 60), Cancel);

            embedder.Dispose();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                Task.WhenAll(all).WaitAsync(TimeSpan.FromSeconds(10), Cancel)
            );
            Assert.All(all, one => Assert.True(one.IsCompleted));
        }
    }

    /// <summary>Where the model uses the processor's matrix unit (Intel AMX), a thread's signals take more room from then on than the runtime has made for its exceptions.</summary>
    [Fact]
    public async Task Threads_of_others_survive_an_exception_after_it()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => EmbedAsync(["text"], EmbeddingPurpose.Query)));

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 64),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel },
            async (_, token) =>
            {
                await Task.Delay(10, token);
                Assert.Throws<NullReferenceException>(() => Nothing()!.Length);
            }
        );
    }

    private static string? Nothing() => null;

    [Fact]
    public void Licence_and_notice_are_beside_it()
    {
        Assert.Contains(
            "Apache License",
            File.ReadAllText(Path.Combine(OnnxEmbedder.Folder, "LICENSE.txt")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Snowflake",
            File.ReadAllText(Path.Combine(OnnxEmbedder.Folder, "NOTICE.txt")),
            StringComparison.Ordinal
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static float Cosine(float[] one, float[] other) => TensorPrimitives.CosineSimilarity<float>(one, other);

    private async Task<List<float[]>> EmbedAsync(string[] texts, EmbeddingGenerationOptions? purpose = null) =>
        [.. (await Embedder.GenerateAsync(texts, purpose, Cancel)).Select(vector => vector.Vector.ToArray())];
}
