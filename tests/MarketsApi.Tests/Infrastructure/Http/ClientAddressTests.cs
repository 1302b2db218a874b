using System.Net;
using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Infrastructure.Http.Server;
using MarketsApi.Infrastructure.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

/// <summary>Whom a request comes from, and whose word counts for it.</summary>
public sealed class ClientAddressTests
{
    private const string Proxies = "10.0.0.0/8, 192.0.2.250, fd00::/8, 2001:db8::250";

    [Theory]
    [InlineData("a request that no proxy handed on", "198.51.100.1", null, null, "198.51.100.1")]
    [InlineData("one that a proxy handed on", "10.1.2.3", "198.51.100.1", null, "198.51.100.1")]
    [InlineData("the same in the other header", "10.1.2.3", null, "for=198.51.100.1", "198.51.100.1")]
    [InlineData("both headers, saying the same", "10.1.2.3", "198.51.100.1", "for=198.51.100.1", "198.51.100.1")]
    [InlineData("a single address as a proxy", "192.0.2.250", "198.51.100.1", null, "198.51.100.1")]
    [InlineData("a proxy with IPv6", "2001:db8::250", "2001:db8:1::1", null, "2001:db8:1::1")]
    [InlineData("IPv4 written as IPv6", "::ffff:10.1.2.3", "::ffff:198.51.100.1", null, "198.51.100.1")]
    [InlineData("a header from nobody known", "198.51.100.1", "203.0.113.9", null, "198.51.100.1")]
    [InlineData("the other from nobody known", "198.51.100.1", null, "for=203.0.113.9", "198.51.100.1")]
    [InlineData("a neighbour of a known proxy", "192.0.2.251", "203.0.113.9", null, "192.0.2.251")]
    [InlineData("what the client had written itself", "10.1.2.3", "203.0.113.9, 198.51.100.1", null, "198.51.100.1")]
    [InlineData(
        "a proxy's name that the client took",
        "10.1.2.3",
        "203.0.113.9, 10.9.9.9, 198.51.100.1",
        null,
        "198.51.100.1"
    )]
    [InlineData("several proxies", "10.1.2.3", "203.0.113.9, 198.51.100.1, 10.9.9.9, fd00::1", null, "198.51.100.1")]
    [InlineData("nobody before the proxies", "10.1.2.3", "10.4.4.4, 10.9.9.9", null, "10.4.4.4")]
    [InlineData("a proxy that says nothing", "10.1.2.3", null, null, "10.1.2.3")]
    [InlineData("a proxy that doesn't know", "10.1.2.3", "203.0.113.9, unknown, 10.9.9.9", null, "10.9.9.9")]
    [InlineData("nonsense", "10.1.2.3", "203.0.113.9, ", null, "10.1.2.3")]
    [InlineData(
        "a quote that swallows the proxy's word",
        "10.1.2.3",
        null,
        "for=\"203.0.113.9, for=198.51.100.1",
        "10.1.2.3"
    )]
    [InlineData(
        "one header through a proxy that writes the other",
        "10.1.2.3",
        "198.51.100.1",
        "for=203.0.113.9",
        "10.1.2.3"
    )]
    [InlineData("the same the other way round", "10.1.2.3", "203.0.113.9", "for=198.51.100.1", "10.1.2.3")]
    public void Is_the_first_that_no_known_proxy_vouches_for(
        string what,
        string peer,
        string? list,
        string? forwarded,
        string client
    ) => Assert.True(IPAddress.Parse(client).Equals(Find(Proxies, peer, list, forwarded)), what);

    [Theory]
    [InlineData("203.0.113.9|198.51.100.1, 10.9.9.9", "198.51.100.1")]
    [InlineData("203.0.113.9, 198.51.100.1|10.9.9.9", "198.51.100.1")]
    public void Several_lines_are_one_list(string lines, string client) =>
        Assert.Equal(IPAddress.Parse(client), Find(Proxies, "10.1.2.3", new StringValues(lines.Split('|')), default));

    [Fact]
    public void Without_known_proxies_no_header_changes_anything() =>
        Assert.Equal(IPAddress.Parse("10.1.2.3"), Find(null, "10.1.2.3", "198.51.100.1", "for=198.51.100.1"));

    [Fact]
    public void Whatever_a_client_writes_the_proxy_s_word_counts()
    {
        var piece = Gen.Elements("203.0.113.9", "10.9.9.9", "for=", "\"", ",", ";", " ", "unknown", "[::1]", "\\", "=");

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3_000),
            Prop.ForAll(
                piece.ListOf().Select(string.Concat).ToArbitrary(),
                piece.ListOf().Select(string.Concat).ToArbitrary(),
                (list, forwarded) =>
                {
                    // The proxy writes X-Forwarded-For at the end of what is there, and lets the other header pass.
                    var found = Find(Proxies, "10.1.2.3", $"{list}, 198.51.100.1", forwarded);
                    return found!.ToString() is "198.51.100.1" or "10.1.2.3";
                }
            )
        );
    }

    private static IPAddress? Find(string? proxies, string peer, StringValues list, StringValues forwarded)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        if (list.Count > 0)
        {
            context.Request.Headers["X-Forwarded-For"] = list;
        }

        if (forwarded.Count > 0)
        {
            context.Request.Headers["Forwarded"] = forwarded;
        }

        return new ClientAddresses(new ForwardedHeadersSettings { KnownProxies = SettingList.Parse(proxies) }).Of(
            context
        );
    }
}
