using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>The caller that requests are counted for: a user, or an address.</summary>
/// <param name="High">The first eight bytes of the user's id, or of an IPv6 address.</param>
/// <param name="Low">The rest of the id; for IPv4 the address.</param>
/// <param name="IsUser">Whether it is a user.</param>
internal readonly record struct RateLimitCaller(ulong High, ulong Low, bool IsUser)
{
    /// <summary>Sets IPv4 apart from the prefix of zeros that <c>::1</c> has.</summary>
    private const ulong OfIPv4 = 0xffff_0000_0000;

    /// <summary>The caller of this request.</summary>
    public static RateLimitCaller Of(HttpContext context) =>
        Caller.Of(context).UserId is { } userId ? Of(userId) : Of(context.Connection.RemoteIpAddress);

    /// <summary>The user of a valid token.</summary>
    public static RateLimitCaller Of(Guid userId)
    {
        Span<byte> bytes = stackalloc byte[16];
        userId.TryWriteBytes(bytes, bigEndian: true, out _);
        return new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), true);
    }

    /// <summary>A client's address. Of IPv6 only the first 64 bits count: a customer gets at least as many addresses as that leaves.</summary>
    public static RateLimitCaller Of(IPAddress? address)
    {
        // A socket for both families writes IPv4 addresses as IPv6.
        address = address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        address?.TryWriteBytes(bytes, out _);
        return address?.AddressFamily == AddressFamily.InterNetworkV6
            ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes), 0, false)
            : new(0, OfIPv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes), false);
    }

    /// <summary>As part of a key in Redis.</summary>
    public override string ToString() => $"{(IsUser ? 'u' : 'a')}{High:x16}{Low:x16}";
}
