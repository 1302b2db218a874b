using System.Buffers;
using System.Runtime.CompilerServices;
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

    /// <summary>Adds a text's features to the sums, each with weight 1 + ln of how often it occurs.</summary>
    public static void Add(ReadOnlySpan<char> text, Span<int> sums)
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
    }

    private static int Weight(int times) => times == 1 ? One : (int)Math.Round(One * (1 + Math.Log(times)));

    /// <summary>Adds one direction, this often, to 1,024 sums.</summary>
    /// <remarks>Optimized from the first call: the code that comes first by default is twenty times slower, and a query calls this 384 times.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ulong feature, int weight, Span<int> sums)
    {
        var lanes = MemoryMarshal.Cast<int, Vector256<int>>(sums);
        var bits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        var plus = Vector256.Create(weight);
        for (var i = 0; i < lanes.Length; i += 8)
        {
            feature = LocalFeatures.Mix(feature);
            for (var eight = 0; eight < 8; eight++)
            {
                // All ones where the bit is set: x ^ -1 is -x - 1, and taking away -1 makes it -x.
                var minus = Vector256.Equals(Vector256.Create((int)(feature >> (8 * eight)) & 0xFF) & bits, bits);
                lanes[i + eight] += (plus ^ minus) - minus;
            }
        }
    }
}

/// <summary>What a text is made of, for the local embedder: its words and their runs of three characters, each as a number.</summary>
/// <remarks>The numbers must never change: vectors that are stored were made from them.</remarks>
internal static class LocalFeatures
{
    private const ulong Words = 0x9E37_79B9_7F4A_7C15;
    private const ulong Trigrams = 0xC2B2_AE3D_27D4_EB4F;

    /// <summary>Writes the features of a reduced text, with repeats; a buffer of twice its length is enough.</summary>
    /// <returns>How many there are.</returns>
    public static int Collect(ReadOnlySpan<char> words, Span<ulong> features)
    {
        var count = 0;
        for (var i = 0; i + 2 < words.Length; i++)
        {
            // A run may begin or end with the blank beside a word, which tells its first and last letters apart from those within.
            if (words[i + 1] != ' ')
            {
                features[count++] = Mix(
                    Trigrams ^ words[i] ^ ((ulong)words[i + 1] << 16) ^ ((ulong)words[i + 2] << 32)
                );
            }
        }

        foreach (var range in words.Split(' '))
        {
            var word = words[range];
            if (word.Length > 0)
            {
                features[count++] = HashWord(word);
            }
        }

        return count;
    }

    /// <summary>The next number of a sequence that looks random (SplitMix64, Steele, Lea and Flood 2014).</summary>
    public static ulong Mix(ulong state)
    {
        state += 0x9E37_79B9_7F4A_7C15;
        state = (state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9;
        state = (state ^ (state >> 27)) * 0x94D0_49BB_1331_11EB;
        return state ^ (state >> 31);
    }

    /// <summary>FNV-1a over the characters, mixed.</summary>
    private static ulong HashWord(ReadOnlySpan<char> word)
    {
        var hash = 0xCBF2_9CE4_8422_2325;
        foreach (var c in word)
        {
            hash = (hash ^ c) * 0x0000_0100_0000_01B3;
        }

        return Mix(hash ^ Words);
    }
}
