using System.Collections;
using System.Numerics.Tensors;

namespace MarketsApi.Infrastructure.Search;

/// <summary>How a vector is stored: its signs to find it by, and a byte for each dimension to compare it exactly.</summary>
/// <remarks>Cosines don't depend on length, so no scale is kept: each vector uses the whole range of its bytes.</remarks>
internal static class VectorCode
{
    /// <summary>How many signs are kept.</summary>
    public const int Bits = 1024;

    /// <summary>Whether it points anywhere.</summary>
    public static bool IsUsable(ReadOnlySpan<float> vector) =>
        float.IsFinite(TensorPrimitives.Sum(vector)) && TensorPrimitives.MaxMagnitude(vector) != 0;

    /// <summary>The signs of the first dimensions; missing ones count as negative in every vector, which changes no comparison.</summary>
    public static BitArray SignsOf(ReadOnlySpan<float> vector)
    {
        var signs = new BitArray(Bits);
        for (var i = 0; i < Math.Min(Bits, vector.Length); i++)
        {
            signs[i] = vector[i] > 0;
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
        Read(bytes, vector);
        return vector;
    }

    /// <summary>The cosine of a vector and a stored one, rounded to six decimals; -1 when they have different numbers of dimensions.</summary>
    /// <param name="vector">The one.</param>
    /// <param name="bytes">The stored one.</param>
    /// <param name="memory">As long as the vector; overwritten.</param>
    public static double Cosine(ReadOnlySpan<float> vector, ReadOnlySpan<byte> bytes, Span<float> memory)
    {
        if (bytes.Length != vector.Length)
        {
            return -1;
        }

        Read(bytes, memory);
        var cosine = TensorPrimitives.CosineSimilarity(vector, memory);
        return Math.Round(Math.Clamp(cosine, -1, 1), 6);
    }

    private static void Read(ReadOnlySpan<byte> bytes, Span<float> vector)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            vector[i] = (sbyte)bytes[i];
        }
    }
}
