using System.Net.Http.Headers;
using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>How large a body may be, and in which media types and charsets it may come.</summary>
public sealed class BodyLimitTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Limit = 65_536;
    private const string Good = """{"name":"Will it fit?","endsAt":"2099-01-01T00:00:00Z","status":"active"}""";

    [Theory]
    [InlineData(Limit, false)]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    [InlineData(Limit + 1, true)]
    [InlineData(1_000_000, false)]
    [InlineData(1_000_000, true)]
    [InlineData(3_000_000, false)]
    [InlineData(3_000_000, true)]
    public async Task Reads_a_body_of_up_to_64_KiB(int bytes, bool chunked)
    {
        var url = $"/api/markets/{(await api.CreateMarketAsync()).Id()}";
        foreach (var (method, path) in ((string, string)[])[("POST", "/api/markets"), ("PUT", url), ("PATCH", url)])
        {
            var response = await SendAsync(method, path, Encoding.UTF8.GetBytes(Good.PadRight(bytes)), chunked);

            if (bytes <= Limit)
            {
                Assert.True(response.Status is 200 or 201, response.Text);
            }
            else
            {
                response.ShouldBeProblem(413, "Request body is larger than 65,536 bytes");
                Assert.Equal("close", response.Header("Connection"));
            }
        }
    }

    [Theory]
    [InlineData("/api/markets", 401)]
    [InlineData("/api/nowhere", 404)]
    public async Task Keeps_the_connection_of_a_large_body_that_was_not_asked_for(string path, int status)
    {
        var response = await api.Live.SendRawAsync(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + $"Transfer-Encoding: chunked\r\n\r\nF4240\r\n{new string(' ', 1_000_000)}\r\n0\r\n\r\n"
                + "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            TimeSpan.FromSeconds(5)
        );

        Assert.StartsWith($"HTTP/1.1 {status} ", response, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 ", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_the_body_and_not_how_it_is_chunked()
    {
        var body = Good.PadRight(20_000);
        var request = new StringBuilder(
            $"POST /api/markets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {api.Alice.Token}\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        );
        foreach (var character in body)
        {
            request.Append("1\r\n").Append(character).Append("\r\n");
        }

        var response = await api.Live.SendRawAsync(request.Append("0\r\n\r\n").ToString(), TimeSpan.FromSeconds(5));

        Assert.StartsWith("HTTP/1.1 201 ", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("5\r\nabc")]
    [InlineData("-1\r\n\r\n")]
    public async Task Returns_a_problem_for_broken_chunks(string chunks)
    {
        var response = await api.Live.SendRawAsync(
            $"POST /api/markets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {api.Alice.Token}\r\n"
                + $"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}\r\n\r\nx\r\n"
        );

        if (response.Length > 0)
        {
            Assert.StartsWith("HTTP/1.1 400 ", response, StringComparison.Ordinal);
            Assert.Contains("\"details\":[{", response, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("POST", "application/json")]
    [InlineData("POST", "application/json; charset=utf-8")]
    [InlineData("POST", "application/json; charset=UTF-8")]
    [InlineData("POST", "application/json;charset=\"utf-8\"")]
    [InlineData("POST", "application/json; charset=utf8")]
    [InlineData("POST", "Application/JSON")]
    [InlineData("PUT", "application/json; charset=\"UTF-8\"")]
    [InlineData("PATCH", "application/json")]
    [InlineData("PATCH", "application/merge-patch+json")]
    [InlineData("PATCH", "application/merge-patch+json; charset=\"utf-8\"")]
    public async Task Reads_JSON_in_UTF_8(string method, string contentType)
    {
        var response = await SendAsAsync(method, contentType);

        Assert.True(response.Status is 200 or 201, response.Text);
    }

    [Theory]
    [InlineData("POST", null)]
    [InlineData("POST", "")]
    [InlineData("POST", "text/plain")]
    [InlineData("POST", "text/json")]
    [InlineData("POST", "application/xml")]
    [InlineData("POST", "application/x-www-form-urlencoded")]
    [InlineData("POST", "application/merge-patch+json")]
    [InlineData("POST", "application/vnd.api+json")]
    [InlineData("POST", "application/*")]
    [InlineData("POST", "json")]
    [InlineData("POST", "application/json; charset=utf-16")]
    [InlineData("POST", "application/json; charset=iso-8859-1")]
    [InlineData("POST", "application/json; charset=nonsense")]
    [InlineData("POST", "application/json; charset=\"utf-16\"")]
    [InlineData("POST", "application/json; charset=")]
    [InlineData("POST", "application/json, text/plain")]
    [InlineData("PUT", "application/merge-patch+json")]
    [InlineData("PUT", "application/json; charset=utf-16")]
    [InlineData("PATCH", null)]
    [InlineData("PATCH", "application/json-patch+json")]
    [InlineData("PATCH", "application/merge-patch+json; charset=utf-16")]
    public async Task Rejects_other_media_types_and_charsets(string method, string? contentType)
    {
        var response = await SendAsAsync(method, contentType);

        response.ShouldBeProblem(
            415,
            method == "PATCH"
                ? "Send the body as application/merge-patch+json or application/json, in UTF-8"
                : "Send the body as application/json, in UTF-8"
        );
    }

    [Theory]
    [InlineData("gzip", 415)]
    [InlineData("GZIP", 415)]
    [InlineData("br", 415)]
    [InlineData("identity, deflate", 415)]
    [InlineData("nonsense", 415)]
    [InlineData("identity", 201)]
    [InlineData("", 201)]
    public async Task Rejects_a_body_with_a_content_coding(string coding, int status)
    {
        var response = await api.Live.SendRawAsync(
            $"POST /api/markets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {api.Alice.Token}\r\nContent-Type: application/json\r\n"
                + $"Content-Encoding: {coding}\r\nContent-Length: {Good.Length}\r\nConnection: close\r\n\r\n{Good}",
            TimeSpan.FromSeconds(5)
        );

        Assert.StartsWith($"HTTP/1.1 {status} ", response, StringComparison.Ordinal);
        Assert.Equal(status == 415, response.Contains("\r\nAccept-Encoding: identity\r\n", StringComparison.Ordinal));
        Assert.Equal(
            status == 415,
            response.Contains(
                "\"error\":\"Send the body as it is, without a Content-Encoding such as gzip\"",
                StringComparison.Ordinal
            )
        );
    }

    private async Task<RawResponse> SendAsAsync(string method, string? contentType)
    {
        var url = method == "POST" ? "/api/markets" : $"/api/markets/{(await api.CreateMarketAsync()).Id()}";
        return await api.SendBytesAsync(method, url, Encoding.UTF8.GetBytes(Good), contentType);
    }

    private async Task<RawResponse> SendAsync(string method, string url, byte[] body, bool chunked)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", api.Alice.Token);
        request.Headers.TransferEncodingChunked = chunked;
        return await api.SendAsync(request);
    }
}
