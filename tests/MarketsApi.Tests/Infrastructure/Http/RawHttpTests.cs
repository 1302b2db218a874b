using System.Globalization;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

/// <summary>Bytes that no well-behaved client sends.</summary>
public sealed class RawHttpTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Close = "Host: localhost\r\nConnection: close\r\n";

    [Theory]
    [InlineData("\r\n\r\n")]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("GET\r\n\r\n")]
    [InlineData("GET / HTTP/9.9\r\n" + Close + "\r\n")]
    [InlineData("GET /api/markets HTTP/1.1\r\n\r\n")]
    [InlineData("GET /api/markets HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /api/markets HTTP/1.1\r\nHost: localhost:99999999\r\n\r\n")]
    [InlineData("GET /%zz HTTP/1.1\r\n" + Close + "\r\n")]
    [InlineData("GET /%00 HTTP/1.1\r\n" + Close + "\r\n")]
    [InlineData("GET /api/markets/\u00ff\u00fe HTTP/1.1\r\n" + Close + "\r\n")]
    [InlineData("GET http://other.example/api/markets HTTP/1.1\r\n" + Close + "\r\n")]
    [InlineData("GET /api/markets?limit=%ff%fe HTTP/1.1\r\n" + Close + "\r\n")]
    [InlineData("GET /api/markets?=&&&=;%20 HTTP/1.1\r\n" + Close + "\r\n")]
    [InlineData("GET /api/markets HTTP/1.1\r\n" + Close + "X-Request-Id: \u0001\r\n\r\n")]
    [InlineData("GET /api/markets HTTP/1.1\r\n" + Close + "Authorization: Bearer \u00e4\u00f6\r\n\r\n")]
    [InlineData("GET /api/markets HTTP/1.1\r\n" + Close + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n")]
    [InlineData("GET /api/markets HTTP/1.1\r\n" + Close + "No colon\r\n\r\n")]
    [InlineData("GET /api/markets HTTP/1.1\r\n" + Close + "Content-Length: 5\r\n\r\n")]
    [InlineData("POST /api/markets HTTP/1.1\r\n" + Close + "Content-Length: -1\r\n\r\n")]
    [InlineData("POST /api/markets HTTP/1.1\r\n" + Close + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx")]
    [InlineData(
        "POST /api/markets HTTP/1.1\r\n" + Close + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"
    )]
    [InlineData("POST /api/markets HTTP/1.1\r\n" + Close + "Transfer-Encoding: gzip\r\n\r\n")]
    [InlineData(
        "POST /api/markets HTTP/1.1\r\n"
            + Close
            + "AUTH\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    )]
    [InlineData(
        "POST /api/markets HTTP/1.1\r\n"
            + Close
            + "AUTH\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{\"name\""
    )]
    [InlineData("POST /api/markets HTTP/1.1\r\n" + Close + "AUTH\r\nContent-Type: ;;;\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(
        "POST /api/markets HTTP/1.1\r\n"
            + Close
            + "AUTH\r\nContent-Type: application/json; charset=utf-16\r\nContent-Length: 2\r\n\r\n{}"
    )]
    [InlineData(
        "POST /api/markets HTTP/1.1\r\n"
            + Close
            + "AUTH\r\nContent-Type: application/json\r\nExpect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}"
    )]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\n" + Close + "\r\n")]
    [InlineData("CONNECT api:80 HTTP/1.1\r\n" + Close + "\r\n")]
    public async Task Never_cause_a_server_error(string request)
    {
        var response = await api.Live.SendRawAsync(
            request.Replace("AUTH", "Authorization: Bearer " + api.Alice.Token, StringComparison.Ordinal),
            TimeSpan.FromMilliseconds(300)
        );

        Assert.DoesNotMatch("^HTTP/1\\.[01] 5(?!05 HTTP Version)", response);
        Assert.DoesNotContain("Exception", response, StringComparison.Ordinal);
        using var live = await api.Live.Client.GetAsync("/health/live");
        Assert.True(live.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("Content-Type: application/json\r\n", 200)]
    [InlineData("Content-Type: text/plain\r\n", 200)]
    public async Task An_empty_chunked_body_is_one_that_was_left_out(string type, int status)
    {
        var market = await api.CreateMarketAsync();

        var response = await SendChunkedAsync($"PUT /api/markets/{market.Id()}/watch", "chunked", type, "0\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", response, StringComparison.Ordinal);
        var required = await SendChunkedAsync("POST /api/markets", "chunked", type, "0\r\n\r\n");
        Assert.Matches("^HTTP/1\\.1 (400|415) ", required);
    }

    [Theory]
    [InlineData("gzip, chunked")]
    [InlineData("chunked, chunked")]
    [InlineData("x, chunked")]
    [InlineData("identity, chunked")]
    public async Task A_body_is_sent_chunked_and_in_no_other_coding(string coding)
    {
        var body = "{\"name\":\"Will it hold?\",\"endsAt\":\"2099-01-01T00:00:00Z\"}";
        var chunks = $"{body.Length:x}\r\n{body}\r\n0\r\n\r\n";
        const string Type = "Content-Type: application/json\r\n";

        var plain = await SendChunkedAsync("POST /api/markets", "CHUNKED", Type, chunks);
        var response = await SendChunkedAsync("POST /api/markets", coding, Type, chunks);

        Assert.StartsWith("HTTP/1.1 201 ", plain, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", response, StringComparison.Ordinal);
        Assert.Contains("\"field\":\"Transfer-Encoding\"", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0}", 201)]
    [InlineData("00{0}", 201)]
    [InlineData("+{0}", 400)]
    [InlineData("-{0}", 400)]
    [InlineData("{0}.0", 400)]
    [InlineData("{0},{0}", 400)]
    [InlineData("{0} {0}", 400)]
    [InlineData("0x{0}", 400)]
    [InlineData("", 400)]
    [InlineData("{0}00000000000000000000", 400)]
    public async Task A_length_is_digits_and_with_any_other_the_server_hangs_up(string length, int status)
    {
        const string Body = """{"name":"Will it be read?","endsAt":"2099-01-01T00:00:00Z"}""";

        var response = await api.Live.SendRawAsync(
            $"POST /api/markets HTTP/1.1\r\n{Close}Authorization: Bearer {api.Alice.Token}\r\nContent-Type: application/json\r\nContent-Length: {string.Format(CultureInfo.InvariantCulture, length, Body.Length)}\r\n\r\n{Body}",
            TimeSpan.FromSeconds(5)
        );

        Assert.StartsWith($"HTTP/1.1 {status} ", response, StringComparison.Ordinal);
        if (status == 400)
        {
            Assert.Contains("\r\nConnection: close\r\n", response, StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\n", response, StringComparison.Ordinal);
        }
    }

    /// <remarks>The contract ignores strange ids, traces and tags; such a byte can be part of a valid tag (RFC 9110 section 8.8.3).</remarks>
    [Theory]
    [InlineData("X-Request-Id: caf\u00e9", 200)]
    [InlineData("traceparent: \u00ff", 200)]
    [InlineData("If-None-Match: \"\u00e9\"", 200)]
    [InlineData("If-Match: \"\u00e9\"", 412)]
    [InlineData("User-Agent: Gr\u00fc\u00dfe/1.0", 200)]
    [InlineData("Accept: \u00e9", 200)]
    [InlineData("Accept-Encoding: \u00e9", 200)]
    [InlineData("Origin: \u00e9", 200)]
    [InlineData("X-Forwarded-For: \u00e9", 200)]
    [InlineData("Authorization: Bearer \u00e9", 401)]
    public async Task Bytes_beyond_ASCII_in_a_header_do_not_end_the_request(string header, int status)
    {
        var market = await api.CreateMarketAsync();

        var response = await api.Live.SendRawAsync(
            $"GET /api/markets/{market.Id()} HTTP/1.1\r\n{Close}{header}\r\n\r\n",
            TimeSpan.FromSeconds(5)
        );

        Assert.StartsWith($"HTTP/1.1 {status} ", response, StringComparison.Ordinal);
        Assert.Matches("\r\nX-Request-Id: [0-9a-f]{32}\r\n", response);
    }

    [Fact]
    public async Task An_idempotency_key_with_bytes_beyond_ASCII_is_told_so()
    {
        var response = await api.Live.SendRawAsync(
            $"POST /api/markets HTTP/1.1\r\n{Close}Authorization: Bearer {api.Alice.Token}\r\nIdempotency-Key: \u00e9\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
            TimeSpan.FromSeconds(5)
        );

        Assert.StartsWith("HTTP/1.1 400 ", response, StringComparison.Ordinal);
        Assert.Contains("\"field\":\"Idempotency-Key\"", response, StringComparison.Ordinal);
    }

    private Task<string> SendChunkedAsync(string target, string coding, string type, string body) =>
        api.Live.SendRawAsync(
            $"{target} HTTP/1.1\r\n{Close}Authorization: Bearer {api.Alice.Token}\r\n{type}Transfer-Encoding: {coding}\r\n\r\n{body}",
            TimeSpan.FromSeconds(5)
        );

    [Fact]
    public async Task A_body_that_grows_beyond_the_limit_while_it_comes_is_413()
    {
        var chunk = new string('x', 8_000);
        var body = "1\r\n{\r\n" + string.Concat(Enumerable.Repeat($"{chunk.Length:x}\r\n{chunk}\r\n", 9)) + "0\r\n\r\n";

        var response = await api.Live.SendRawAsync(
            $"POST /api/markets HTTP/1.1\r\n{Close}Authorization: Bearer {api.Alice.Token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{body}"
        );

        Assert.Matches("^HTTP/1\\.1 (413|400) ", response);
        Assert.Contains("application/problem+json", response, StringComparison.Ordinal);
        Assert.Contains("X-Request-Id: ", response, StringComparison.Ordinal);
    }
}
