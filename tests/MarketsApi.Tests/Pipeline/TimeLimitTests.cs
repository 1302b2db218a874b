using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Pipeline;

/// <summary>Requests that take longer than they may: the response is a problem like any other, with all that responses carry.</summary>
public sealed class TimeLimitTests(PipelineFixture.ShortLimit api) : IClassFixture<PipelineFixture.ShortLimit>
{
    [Fact]
    public async Task A_handler_that_takes_too_long_is_503_with_every_header()
    {
        using var response = await api.SendAsync("GET", "/api/test/slow", User.New().Token);

        Assert.Equal(503, (int)response.StatusCode);
        string[] names =
        [
            "Cache-Control",
            "Content-Length",
            "Content-Security-Policy",
            "Content-Type",
            "Date",
            "RateLimit",
            "RateLimit-Policy",
            "Referrer-Policy",
            "Retry-After",
            "Vary",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "X-Request-Id",
        ];
        Assert.Equal(
            names,
            response
                .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                .Select(header => header.Key.Replace("-ID", "-Id", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        var problem = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        problem.ShouldBeWellFormed(503);
    }

    [Fact]
    public async Task An_endpoint_with_long_responses_can_opt_out_of_the_time_limit()
    {
        using var response = await api.SendAsync("GET", "/api/test/stream");

        Assert.Equal(204, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("Content-Length: 60000", "")]
    [InlineData("Transfer-Encoding: chunked", "EA60\r\n")]
    public async Task A_body_that_trickles_in_is_given_up_in_time(string framing, string chunk)
    {
        // Fast enough for the server's least rate within its grace, far too slow for the request's time.
        var response = await api.Live.SendRawAsync(
            "POST /api/markets HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + $"Authorization: Bearer {User.New().Token}\r\n{framing}\r\n\r\n{chunk}{{\"name\": \"{new string('x', 100)}",
            TimeSpan.FromSeconds(4)
        );

        Assert.StartsWith("HTTP/1.1 503", response, StringComparison.Ordinal);
        Assert.Contains("RateLimit: ", response, StringComparison.Ordinal);
    }
}
