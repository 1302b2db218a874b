using System.Numerics.Tensors;
using MarketsApi.Infrastructure.Embeddings;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Embeddings;

public sealed class VectorCodeTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(384)]
    [InlineData(1024)]
    [InlineData(3072)]
    public void Stored_vectors_have_the_same_cosines_and_alike_ones_alike_signs(int dimensions)
    {
        var random = new Random(5);
        for (var round = 0; round < 50; round++)
        {
            var vector = Any(random, dimensions);
            var near = vector.Zip(Any(random, dimensions), (one, other) => one + (other / 4)).ToArray();
            var far = Any(random, dimensions);

            var bytes = VectorCode.BytesOf(near);

            var exact = TensorPrimitives.CosineSimilarity<float>(vector, near);
            Assert.Equal(exact, VectorCode.Cosine(vector, bytes), 0.01);
            Assert.Equal(1, VectorCode.Cosine(near, bytes), 0.001);
            if (dimensions > 8)
            {
                Assert.True(Differences(vector, near) < Differences(vector, far) - 200);
            }
        }
    }

    [Fact]
    public void Vectors_of_other_lengths_are_never_near() =>
        Assert.Equal(-1, VectorCode.Cosine([1, 2, 3], VectorCode.BytesOf([1, 2])));

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1f, float.NaN)]
    [InlineData(float.PositiveInfinity, 1f)]
    public void A_vector_that_points_nowhere_is_not_usable(float x, float y) =>
        Assert.False(VectorCode.IsUsable([x, y]));

    private static float[] Any(Random random, int dimensions) =>
        [.. Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextDouble() - 0.5))];

    private static int Differences(float[] one, float[] other)
    {
        var differences = VectorCode.SignsOf(one).Xor(VectorCode.SignsOf(other));
        return Enumerable.Range(0, VectorCode.Bits).Count(i => differences[i]);
    }
}
