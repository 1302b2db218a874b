using System.Net;
using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Infrastructure.Http.Server;
using MarketsApi.Infrastructure.Observability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

/// <summary>The caller's address, by the framework's middleware and our setting of known proxies.</summary>
public sealed class ClientAddressTests
{
    private const string Proxies = "10.0.0.0/8, 192.0.2.250, fd00::/8, 2001:db8::250";

    [Theory]
    [InlineData("a request that no proxy handed on", "198.51.100.1", null, "198.51.100.1")]
    [InlineData("one that a proxy handed on", "10.1.2.3", "198.51.100.1", "198.51.100.1")]
    [InlineData("one with the client's port", "10.1.2.3", "198.51.100.1:4711", "198.51.100.1")]
    [InlineData("a single address as a proxy", "192.0.2.250", "198.51.100.1", "198.51.100.1")]
    [InlineData("a proxy with IPv6", "2001:db8::250", "2001:db8:1::1", "2001:db8:1::1")]
    [InlineData("IPv6 with a port", "2001:db8::250", "[2001:db8:1::1]:4711", "2001:db8:1::1")]
    [InlineData("IPv4 written as IPv6", "::ffff:10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1")]
    [InlineData("a header from an unknown peer", "198.51.100.1", "203.0.113.9", "198.51.100.1")]
    [InlineData("a neighbour of a known proxy", "192.0.2.251", "203.0.113.9", "192.0.2.251")]
    [InlineData("what the client had written itself", "10.1.2.3", "203.0.113.9, 198.51.100.1", "198.51.100.1")]
    [InlineData("a proxy's name in the client's text", "10.1.2.3", "10.9.9.9, 198.51.100.1", "198.51.100.1")]
    [InlineData("several proxies", "10.1.2.3", "203.0.113.9, 198.51.100.1, 10.9.9.9, fd00::1", "198.51.100.1")]
    [InlineData("no address before the proxies", "10.1.2.3", "10.4.4.4, 10.9.9.9", "10.4.4.4")]
    [InlineData("a proxy that says nothing", "10.1.2.3", null, "10.1.2.3")]
    [InlineData("a proxy that doesn't know", "10.1.2.3", "203.0.113.9, unknown, 10.9.9.9", "10.9.9.9")]
    public async Task Is_the_first_that_no_known_proxy_vouches_for(
        string what,
        string peer,
        string? header,
        string client
    ) => Assert.True(IPAddress.Parse(client).Equals(await FindAsync(Proxies, peer, header)), what);

    [Theory]
    [InlineData("203.0.113.9|198.51.100.1, 10.9.9.9", "198.51.100.1")]
    [InlineData("203.0.113.9, 198.51.100.1|10.9.9.9", "198.51.100.1")]
    public async Task Several_lines_are_one_list(string lines, string client) =>
        Assert.Equal(IPAddress.Parse(client), await FindAsync(Proxies, "10.1.2.3", new StringValues(lines.Split('|'))));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_known_proxies_no_header_changes_anything(string? proxies) =>
        Assert.Equal(IPAddress.Parse("10.1.2.3"), await FindAsync(proxies, "10.1.2.3", "198.51.100.1"));

    [Fact]
    public void What_the_proxy_writes_counts_and_not_what_the_client_writes()
    {
        var piece = Gen.Elements("203.0.113.9", "10.9.9.9", "\"", ",", ";", " ", "unknown", "[::1]", "\\", "=", "[");

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(
                piece.ListOf().Select(string.Concat).ToArbitrary(),
                list =>
                {
                    // The proxy writes its client at the end of what is there.
                    var found = FindAsync(Proxies, "10.1.2.3", $"{list}, 198.51.100.1").GetAwaiter().GetResult();
                    return found!.ToString() is "198.51.100.1" or "10.1.2.3";
                }
            )
        );
    }

    private static async Task<IPAddress?> FindAsync(string? proxies, string peer, StringValues header)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration["ForwardedHeaders:KnownProxies"] = proxies;
        builder.AddForwardedHeaders();
        await using var services = builder.Services.BuildServiceProvider();
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseForwardedHeaders();
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Headers["X-Forwarded-For"] = header;

        await pipeline.Build()(context);

        return RequestLogContext.Begin(context).Client;
    }
}
