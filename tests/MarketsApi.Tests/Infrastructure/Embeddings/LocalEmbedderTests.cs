using System.Numerics.Tensors;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Infrastructure.Embeddings;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Embeddings;

public sealed class LocalEmbedderTests
{
    private const string Rhine = "Will the Rhine freeze at Cologne before March 2027?";

    /// <remarks>Stored vectors were made by this very function: another result needs another <see cref="EmbeddingModel.Local"/>.</remarks>
    [Fact]
    public void Is_the_same_on_every_machine_and_in_every_version()
    {
        var vector = LocalEmbedder.Embed("Wird Łódź 2030 Kulturhauptstadt?\nÜber 1,000,000 ﬁnden: ja. ja! ja?");

        var bytes = VectorCode.BytesOf(vector);

        Assert.Equal("549b62d5ccd04793", Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
        Assert.Equal(
            bytes,
            VectorCode.BytesOf(LocalEmbedder.Embed("wird lodz 2030 kulturhauptstadt\nuber 1000000 finden ja ja ja"))
        );
    }

    [Theory]
    [InlineData("Will the Rhine freze at Cologne before March 2027?", 0.9)]
    [InlineData("Will the Rhein freeze in Cologne before march 2027", 0.75)]
    [InlineData("Before March 2027, will the Rhine at Cologne freeze?", 0.85)]
    [InlineData("Rhine frozen at Cologne by March 2027?", 0.6)]
    public void Puts_the_same_question_in_other_spelling_near(string text, double atLeast) =>
        Assert.True(Cosine(Rhine, text) >= atLeast, $"{Cosine(Rhine, text)}");

    [Theory]
    [InlineData("Bitcoin above $100,000 on Friday?")]
    [InlineData("Who wins the Eurovision Song Contest?")]
    [InlineData("¿Ganará el Real Madrid la Liga?")]
    public void Puts_unrelated_texts_far(string text) => Assert.InRange(Cosine(Rhine, text), -0.15, 0.3);

    [Fact]
    public void Reads_on_past_invalid_characters() =>
        Assert.Equal(LocalEmbedder.Embed("Łódź 2030"), LocalEmbedder.Embed("Łódź\ufffe2030"));

    [Fact]
    public void Weighs_a_name_more_than_a_description_of_any_length()
    {
        var padding = string.Concat(Enumerable.Repeat("Settled by the gauge of the waterways authority. ", 50));

        Assert.True(Cosine(Rhine, $"{Rhine}\n{padding}") > 0.9);
        Assert.True(Cosine(Rhine, $"Will it snow in Oslo?\n{padding}{Rhine}") < 0.4);
        Assert.True(
            Cosine($"{Rhine}\n{padding}", $"Ice on the Rhine?\n{padding}") > Cosine(Rhine, "Ice on the Rhine?")
        );
    }

    [Fact]
    public void Makes_a_vector_of_length_one_of_any_text_with_a_letter_or_digit() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll<string?, string?>(
                (before, after) =>
                {
                    var text = $"{before} Rhine {after}";
                    var vector = LocalEmbedder.Embed(text);

                    Assert.Equal(1, TensorPrimitives.Norm(vector.AsSpan()), 1e-4);
                    Assert.Equal(vector, LocalEmbedder.Embed(new string(text)));
                }
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("?!…—\n…")]
    public void Makes_no_direction_of_a_text_without_any(string text) =>
        Assert.False(VectorCode.IsUsable(LocalEmbedder.Embed(text)));

    [Fact]
    public void Allocates_nothing_for_a_text_in_plain_letters()
    {
        var vector = new float[LocalProjection.Dimensions];
        LocalEmbedder.Embed(Rhine, vector);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
        {
            LocalEmbedder.Embed(Rhine, vector);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static double Cosine(string one, string other) =>
        TensorPrimitives.CosineSimilarity<float>(LocalEmbedder.Embed(one), LocalEmbedder.Embed(other));
}
