using System.Buffers.Binary;

namespace MarketsApi.Features.SeedMarkets;

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
