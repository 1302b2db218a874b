using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>
/// A signed random projection: each feature stands for a direction of ±1 in every dimension, drawn from its own number, and a text is
/// the sum of its features' directions. Texts that share features point the same way (Charikar 2002; the signs are a SimHash).
/// </summary>
/// <remarks>Sums are whole numbers, so that the result is the same on every processor, whatever its vector width.</remarks>
internal static class LocalProjection
{
    /// <summary>How many dimensions a vector has.</summary>
    public const int Dimensions = 1024;

    /// <summary>The weight of a feature that occurs once.</summary>
    private const int One = 256;

    private static readonly Vector256<int> Bits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);

    /// <summary>Adds a text's features to the sums, each with weight 1 + ln of how often it occurs.</summary>
    /// <returns>Whether it has any.</returns>
    public static bool Add(ReadOnlySpan<char> text, Span<int> sums)
    {
        using var folded = LocalText.Of(text);
        var features = ArrayPool<ulong>.Shared.Rent((2 * folded.Words.Length) + 1);
        var found = features.AsSpan(0, LocalFeatures.Collect(folded.Words, features));
        found.Sort();
        for (var start = 0; start < found.Length; )
        {
            var times = 1;
            while (start + times < found.Length && found[start + times] == found[start])
            {
                times++;
            }

            Add(found[start], Weight(times), sums);
            start += times;
        }

        ArrayPool<ulong>.Shared.Return(features);
        return found.Length > 0;
    }

    private static int Weight(int times) => times == 1 ? One : (int)Math.Round(One * (1 + Math.Log(times)));

    /// <summary>Adds one direction, this often, to 1,024 sums.</summary>
    public static void Add(ulong feature, int weight, Span<int> sums)
    {
        var lanes = MemoryMarshal.Cast<int, Vector256<int>>(sums);
        var plus = Vector256.Create(weight);
        for (var i = 0; i < lanes.Length; i += 8)
        {
            feature = LocalFeatures.Mix(feature);
            for (var eight = 0; eight < 8; eight++)
            {
                // All ones where the bit is set: x ^ -1 is -x - 1, and taking away -1 makes it -x.
                var minus = Vector256.Equals(Vector256.Create((int)(feature >> (8 * eight)) & 0xFF) & Bits, Bits);
                lanes[i + eight] += (plus ^ minus) - minus;
            }
        }
    }
}
