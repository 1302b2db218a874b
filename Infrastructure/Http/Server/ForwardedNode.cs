using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>A hop as proxies write it: an address, perhaps with a port (RFC 7239 section 6; X-Forwarded-For has the same forms).</summary>
internal static class ForwardedNode
{
    private static readonly SearchValues<char> OfAddresses = SearchValues.Create("0123456789abcdefABCDEF.:");

    /// <summary>Reads <c>192.0.2.1</c>, <c>192.0.2.1:80</c>, <c>[2001:db8::1]</c>, <c>[2001:db8::1]:80</c> or <c>2001:db8::1</c>; not <c>unknown</c> and invented names.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']');
            return end > 0
                && IsPortOrNothing(text[(end + 1)..])
                && text[1..end].Contains(':')
                && TryParseAddress(text[1..end], out address);
        }

        var colon = text.IndexOf(':');
        return colon > 0 && text[(colon + 1)..].IndexOf(':') < 0
            ? IsPortOrNothing(text[colon..]) && TryParseAddress(text[..colon], out address)
            : TryParseAddress(text, out address);
    }

    /// <summary>Reads an address in full: four numbers with dots, or IPv6. An IPv4 address that is written as IPv6 is the IPv4 address.</summary>
    public static bool TryParseAddress(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        // The framework also takes 1, 0x7f.1 and the like.
        if (
            text.ContainsAnyExcept(OfAddresses)
            || (!text.Contains(':') && text.Count('.') != 3)
            || !IPAddress.TryParse(text, out address)
        )
        {
            address = null;
            return false;
        }

        address = Plain(address);
        return true;
    }

    /// <summary>The IPv4 address that a socket for both families writes as IPv6; others as they are.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true }
            ? address.MapToIPv4()
            : address;

    private static bool IsPortOrNothing(ReadOnlySpan<char> text) =>
        text.IsEmpty
        || (text[0] == ':' && text.Length is >= 2 and <= 6 && text[1..].IndexOfAnyExceptInRange('0', '9') < 0);
}
