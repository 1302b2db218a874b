using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>The proxies whose forwarded headers are trusted.</summary>
internal sealed class ForwardedHeadersSettings : IValidatableObject
{
    public const string Section = "ForwardedHeaders";

    private static readonly SearchValues<char> OfAddresses = SearchValues.Create("0123456789abcdefABCDEF.:");

    /// <summary>Addresses and networks (<c>10.0.0.0/8</c>); none by default.</summary>
    public SettingList KnownProxies { get; set; } = [];

    /// <summary>The same as networks.</summary>
    /// <exception cref="FormatException">One of them is not a valid network.</exception>
    public IPNetwork[] GetNetworks() =>
        [.. KnownProxies.Select(proxy => NetworkOf(proxy) ?? throw new FormatException(proxy))];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        KnownProxies
            .Where(proxy => NetworkOf(proxy) is null)
            .Select(proxy => new ValidationResult(
                $"ForwardedHeaders:KnownProxies must list addresses such as 10.0.0.5 and networks such as 10.0.0.0/8 or fd00::/8; {SettingsProblems.Quote(proxy)} is neither."
            ));

    private static IPNetwork? NetworkOf(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IsAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return null;
        }

        var bits = address.GetAddressBytes().Length * 8;
        if (slash < 0)
        {
            return new IPNetwork(address, bits);
        }

        // 10.0.0.5/8 may be meant as one proxy, or as sixteen million.
        return IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(address) ? network : null;
    }

    /// <summary>An address in full: four numbers with dots, or IPv6. .NET also takes 1, 0x7f.1 and the like.</summary>
    private static bool IsAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (
            text.AsSpan().ContainsAnyExcept(OfAddresses)
            || (!text.Contains(':', StringComparison.Ordinal) && text.Count(letter => letter == '.') != 3)
            || !IPAddress.TryParse(text, out address)
        )
        {
            return false;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return true;
    }
}
