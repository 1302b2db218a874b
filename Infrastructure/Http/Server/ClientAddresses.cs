using System.Net;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Where requests come from: the connection's other end or, when that is a known proxy, the first before it that is none.</summary>
/// <remarks>
/// The framework's middleware knows no Forwarded header, rewrites the request, and costs something on each; this reads what it is asked for. A proxy
/// that writes one header hands the other on as the client sent it. So where both are there and disagree, neither is believed.
/// </remarks>
internal sealed class ClientAddresses(ForwardedHeadersSettings settings)
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const string Forwarded = "Forwarded";

    private readonly IPNetwork[] _proxies = settings.GetNetworks();

    /// <summary>The address of whoever sent this request, IPv4 always in its own form; null when the server doesn't know.</summary>
    public IPAddress? Of(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } remote)
        {
            return null;
        }

        var peer = ForwardedNode.Plain(remote);
        return _proxies.Length > 0 && IsProxy(peer) ? BeforeProxies(peer, context.Request.Headers) : peer;
    }

    private IPAddress BeforeProxies(IPAddress peer, IHeaderDictionary headers)
    {
        var (list, forwarded) = (headers[ForwardedFor], headers[Forwarded]);
        if (forwarded.Count == 0)
        {
            return list.Count == 0 ? peer : Walk(peer, list, HopsOfList);
        }

        var client = Walk(peer, forwarded, ForwardedHeader.Read);
        return list.Count == 0 || Walk(peer, list, HopsOfList).Equals(client) ? client : peer;
    }

    /// <summary>Goes back from proxy to proxy as long as each is known; what is behind the first that isn't, anybody could have written.</summary>
    private IPAddress Walk(IPAddress peer, StringValues lines, Func<string, IReadOnlyList<string?>?> read)
    {
        var client = peer;
        for (var line = lines.Count - 1; line >= 0; line--)
        {
            if (read(lines[line] ?? "") is not { } hops)
            {
                return client;
            }

            for (var hop = hops.Count - 1; hop >= 0; hop--)
            {
                if (!ForwardedNode.TryParse(hops[hop], out var address))
                {
                    return client;
                }

                client = address;
                if (!IsProxy(client))
                {
                    return client;
                }
            }
        }

        return client;
    }

    private static string[] HopsOfList(string line) => line.Split(',', StringSplitOptions.TrimEntries);

    private bool IsProxy(IPAddress address)
    {
        foreach (var network in _proxies)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
