using System.IO.Compression;
using System.Text;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

public sealed class CompressionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", "")]
    [InlineData("gzip;q=0", "")]
    [InlineData("zstd", "")]
    [InlineData("", "")]
    [InlineData(";;,q=x", "")]
    public async Task Answers_in_the_encoding_that_is_asked_for(string accepts, string encoding)
    {
        await api.CreateMarketAsync();

        using var answer = await GetAsync("/api/markets?limit=5", accepts);
        var body = Encoding.UTF8.GetString(await DecodedAsync(answer));

        Assert.Equal(encoding, string.Join(',', answer.Content.Headers.ContentEncoding));
        Assert.Equal(accepts.Length > 0, answer.Headers.Vary.Contains("Accept-Encoding"));
        Assert.True(JsonDocument.Parse(body).RootElement.GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task Problems_are_compressed_as_well()
    {
        using var answer = await GetAsync("/api/nothing", "gzip");

        Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        JsonDocument.Parse(await DecodedAsync(answer)).RootElement.ShouldBeWellFormed(404);
    }

    private static async Task<byte[]> DecodedAsync(HttpResponseMessage answer)
    {
        await using var body = await answer.Content.ReadAsStreamAsync();
        await using Stream decoded = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            _ => body,
        };
        var bytes = new MemoryStream();
        await decoded.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accepts)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        return await api.Live.Client.SendAsync(request);
    }
}
