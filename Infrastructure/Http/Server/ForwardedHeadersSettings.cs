using System.ComponentModel.DataAnnotations;
using System.Net;
using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Which proxies are believed when they say for whom they ask.</summary>
internal sealed class ForwardedHeadersSettings : IValidatableObject
{
    public const string Section = "ForwardedHeaders";

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
        if (!ForwardedNode.TryParseAddress(slash < 0 ? text : text[..slash], out var address))
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
}
