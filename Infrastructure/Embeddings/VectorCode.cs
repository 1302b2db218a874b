using System.Collections;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>How a vector is stored: its signs to find it by, and a byte for each dimension to compare it exactly.</summary>
/// <remarks>Cosines don't depend on length, so no scale is stored: each vector uses the whole range of its bytes.</remarks>
internal static class VectorCode
{
    /// <summary>How many signs are stored.</summary>
    public const int Bits = 1024;

    /// <summary>From how many dimensions on their own signs find as well as those of a projection.</summary>
    private const int EnoughDimensions = 768;

    /// <summary>So that sums of as many as there may be don't overflow.</summary>
    private const int LargestWeight = 1 << 20;

    /// <summary>Whether it points anywhere.</summary>
    public static bool IsUsable(ReadOnlySpan<float> vector) =>
        float.IsFinite(TensorPrimitives.Sum(vector)) && TensorPrimitives.MaxMagnitude(vector) != 0;

    /// <summary>Its signs, of which vectors that are near each other share most.</summary>
    /// <remarks>
    /// Those of the first 1,024 dimensions, where there are about as many. Of a short vector these would be too few to find
    /// neighbours by: it is projected to 1,024 dimensions before.
    /// </remarks>
    public static BitArray SignsOf(ReadOnlySpan<float> vector)
    {
        var signs = new BitArray(Bits);
        if (vector.Length >= EnoughDimensions)
        {
            for (var i = 0; i < Math.Min(Bits, vector.Length); i++)
            {
                signs[i] = vector[i] > 0;
            }

            return signs;
        }

        Span<int> sums = stackalloc int[Bits];
        sums.Clear();
        var scale = LargestWeight / Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        for (var i = 0; i < vector.Length; i++)
        {
            LocalProjection.Add((ulong)i, (int)(vector[i] * scale), sums);
        }

        for (var i = 0; i < Bits; i++)
        {
            signs[i] = sums[i] > 0;
        }

        return signs;
    }

    /// <summary>The vector in signed bytes.</summary>
    public static byte[] BytesOf(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length];
        var scale = sbyte.MaxValue / Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        for (var i = 0; i < vector.Length; i++)
        {
            bytes[i] = (byte)(sbyte)MathF.Round(vector[i] * scale);
        }

        return bytes;
    }

    /// <summary>A stored vector as numbers again, of another length than it had.</summary>
    public static float[] VectorOf(ReadOnlySpan<byte> bytes)
    {
        var vector = new float[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            vector[i] = (sbyte)bytes[i];
        }

        return vector;
    }

    /// <summary>The cosine of a vector and a stored one, rounded to six decimals; -1 when they have different numbers of dimensions.</summary>
    /// <remarks>
    /// A loop of its own, optimized from the first call: TensorPrimitives has no vector code for signed bytes, and took 12 ms for the candidates
    /// of a search until the compiler had caught up with its many small generic methods, after some 800 searches.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Cosine(ReadOnlySpan<float> vector, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != vector.Length)
        {
            return -1;
        }

        double product = 0;
        double square = 0;
        double storedSquare = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            double stored = (sbyte)bytes[i];
            product += vector[i] * stored;
            square += (double)vector[i] * vector[i];
            storedSquare += stored * stored;
        }

        var cosine = product / Math.Sqrt(square * storedSquare);
        return Math.Round(Math.Clamp(cosine, -1, 1), 6);
    }
}
