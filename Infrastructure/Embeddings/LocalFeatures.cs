namespace MarketsApi.Infrastructure.Embeddings;

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
