using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>A request with an Idempotency-Key.</summary>
/// <param name="Id">What its first answer is stored under.</param>
/// <param name="Lock">The advisory lock that whoever works on it holds.</param>
/// <param name="Fingerprint">SHA-256 of the body's bytes.</param>
internal sealed record IdempotentRequest(Guid Id, long Lock, byte[] Fingerprint)
{
    /// <summary>The same caller, method, path and key give the same id and lock; 128 bits of SHA-256 keep others apart.</summary>
    public static IdempotentRequest Of(Guid callerId, string method, string path, string key, ReadOnlySpan<byte> body)
    {
        // Routes are the same in either case and with a slash at the end; no part can hold a line break.
        var named = string.Join('\n', callerId.ToString("N"), method, path.TrimEnd('/').ToLowerInvariant(), key);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(named));
        return new(
            new Guid(hash.AsSpan(0, 16), bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(hash.AsSpan(16)),
            SHA256.HashData(body)
        );
    }
}
