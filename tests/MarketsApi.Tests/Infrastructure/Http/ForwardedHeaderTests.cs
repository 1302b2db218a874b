using System.Net;
using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Infrastructure.Http.Server;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

public sealed class ForwardedHeaderTests
{
    [Theory]
    [InlineData("for=192.0.2.43", "192.0.2.43")]
    [InlineData("For=192.0.2.43;proto=https;by=203.0.113.43", "192.0.2.43")]
    [InlineData("proto=https; for=192.0.2.43", "192.0.2.43")]
    [InlineData("for=192.0.2.43, for=198.51.100.17", "192.0.2.43|198.51.100.17")]
    [InlineData("for=192.0.2.43,for=\"[2001:db8:cafe::17]:4711\"", "192.0.2.43|[2001:db8:cafe::17]:4711")]
    [InlineData("for=unknown, proto=http, for=_hidden", "unknown|-|_hidden")]
    [InlineData("for=\"a\\\"b,c;d\"", "a\"b,c;d")]
    [InlineData(", for=192.0.2.1 ,, for=192.0.2.2;", "192.0.2.1|192.0.2.2")]
    [InlineData("", "")]
    public void Each_proxy_s_word_is_read(string line, string hops) =>
        Assert.Equal(hops, string.Join('|', ForwardedHeader.Read(line)!.Select(hop => hop ?? "-")));

    [Theory]
    [InlineData("for=\"192.0.2.1")]
    [InlineData("for=\"192.0.2.1\\")]
    [InlineData("for=\"192.0.2.1, for=198.51.100.17")]
    [InlineData("for=\"192.0.2.1, for=\"[2001:db8::1]\"")]
    [InlineData("for=\"192.0.2.1\"x")]
    [InlineData("for")]
    [InlineData("for=")]
    [InlineData("for = 192.0.2.1")]
    [InlineData("=192.0.2.1")]
    [InlineData("for=192.0.2.1;for=192.0.2.2")]
    [InlineData("for=192.0.2.1 for=192.0.2.2")]
    [InlineData("192.0.2.1, for=192.0.2.2")]
    public void A_line_that_is_not_well_formed_says_nothing(string line) => Assert.Null(ForwardedHeader.Read(line));

    [Fact]
    public void What_is_written_is_read_again_however_it_is_quoted()
    {
        var hop =
            from text in Gen.OneOf(
                Gen.Elements("192.0.2.1", "[2001:db8::1]:80", "unknown", "_x"),
                Gen.Elements('a', ',', ';', '"', '\\', '=', ' ').NonEmptyListOf().Select(chars => string.Concat(chars))
            )
            from before in Gen.Elements("", "proto=http;", "by=\"a,b\";")
            select (text, before);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2_000),
            Prop.ForAll(
                hop.NonEmptyListOf().ToArbitrary(),
                hops =>
                {
                    var line = string.Join(", ", hops.Select(one => $"{one.before}for={Quote(one.text)}"));
                    return ForwardedHeader.Read(line)!.SequenceEqual(hops.Select(one => one.text));
                }
            )
        );
    }

    [Fact]
    public void Any_text_is_read_or_not_and_never_fails() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(5_000),
            Prop.ForAll(
                Gen.Elements("for=", "192.0.2.1", "\"", "\\", ",", ";", "=", " ", "[::1]", "x", "\t")
                    .ListOf()
                    .Select(string.Concat)
                    .ToArbitrary(),
                line => (ForwardedHeader.Read(line)?.Count ?? 0) <= line.Count(c => c == ',') + 1
            )
        );

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1:4711", "192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("[::ffff:c000:201]:80", "192.0.2.1")]
    [InlineData("unknown", null)]
    [InlineData("_hidden", null)]
    [InlineData("", null)]
    [InlineData("1", null)]
    [InlineData("0x7f.1", null)]
    [InlineData("127.1", null)]
    [InlineData("192.0.2.1.5", null)]
    [InlineData("192.0.2.256", null)]
    [InlineData("192.0.2.1:", null)]
    [InlineData("192.0.2.1:port", null)]
    [InlineData("192.0.2.1:123456", null)]
    [InlineData("[192.0.2.1]", null)]
    [InlineData("[2001:db8::1", null)]
    [InlineData("[2001:db8::1]x", null)]
    [InlineData("fe80::1%eth0", null)]
    [InlineData("host.example", null)]
    public void A_hop_is_an_address_with_or_without_a_port_or_none(string text, string? address)
    {
        var isAddress = ForwardedNode.TryParse(text, out var found);

        Assert.Equal(address is not null, isAddress);
        Assert.Equal(address is null ? null : IPAddress.Parse(address), found);
    }

    private static string Quote(string text) =>
        "\""
        + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        + "\"";
}
