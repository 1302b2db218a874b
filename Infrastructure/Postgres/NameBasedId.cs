using System.Security.Cryptography;
using System.Text;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Ids that follow from a name: the same name, the same id, on any machine.</summary>
internal static class NameBasedId
{
    /// <summary>The first half of the name's SHA-256, marked as a UUID of version 8 (RFC 9562 section 5.8).</summary>
    public static Guid Of(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
