using System.Buffers.Binary;

namespace MarketsApi.Features.SeedMarkets;

/// <summary>Numbers that follow from a seed alone, on any machine and runtime: SplitMix64 (Steele, Lea and Flood 2014).</summary>
/// <remarks>All in integers: floating-point functions may differ in the last bit between machines.</remarks>
internal struct SeedMarketsRandom(ulong seed)
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    private ulong _state = Mix(seed);

    /// <summary>Any 64 bits.</summary>
    public ulong Next() => Mix(_state += Step);

    /// <summary>From 0 to one less than the bound.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>From the least to the greatest, both included.</summary>
    public int Between(int least, int greatest) => least + Below(greatest - least + 1);

    /// <summary>True with the given chance in percent.</summary>
    public bool Percent(int share) => Below(100) < share;

    /// <summary>One of the list.</summary>
    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}

/// <summary>Ids that follow from a number, in the form and order of UUID version 7 (RFC 9562 section 5.7).</summary>
internal static class SeedMarketsId
{
    /// <param name="createdAt">The time that the id begins with.</param>
    /// <param name="random">Where the rest comes from.</param>
    public static Guid Of(DateTime createdAt, ref SeedMarketsRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        var milliseconds = (createdAt - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)milliseconds << 16) | (random.Next() & 0x0FFF) | 0x7000);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (random.Next() >> 2) | 0x8000_0000_0000_0000);
        return new Guid(bytes, bigEndian: true);
    }
}
