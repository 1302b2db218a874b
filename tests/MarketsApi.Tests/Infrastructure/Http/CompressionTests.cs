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
    public async Task Responds_in_the_encoding_that_is_asked_for(string accepts, string encoding)
    {
        await api.CreateMarketAsync();

        using var response = await GetAsync("/api/markets?limit=5", accepts);
        var body = Encoding.UTF8.GetString(await DecodedAsync(response));

        Assert.Equal(encoding, string.Join(',', response.Content.Headers.ContentEncoding));
        Assert.Equal(accepts.Length > 0, response.Headers.Vary.Contains("Accept-Encoding"));
        Assert.True(JsonDocument.Parse(body).RootElement.GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task Problems_are_compressed_as_well()
    {
        using var response = await GetAsync("/api/nothing", "gzip");

        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonDocument.Parse(await DecodedAsync(response)).RootElement.ShouldBeWellFormed(404);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task The_OpenAPI_document_is_compressed_once(string coding)
    {
        using var plain = await GetAsync("/openapi/v1.json", "identity");
        using var first = await GetAsync("/openapi/v1.json", coding);
        using var second = await GetAsync("/openapi/v1.json", coding);

        Assert.Equal(coding, Assert.Single(first.Content.Headers.ContentEncoding));
        Assert.Equal(["Accept-Encoding"], first.Headers.Vary);
        Assert.Equal($"{plain.Headers.ETag!.Tag[..^1]}-{coding}\"", first.Headers.ETag!.Tag);
        // Of what is compressed anew for each response, the length isn't known beforehand.
        Assert.Contains("Content-Length", first.Content.Headers.ToString(), StringComparison.Ordinal);
        var json = await DecodedAsync(plain);
        Assert.Equal(json, await DecodedAsync(first));
        Assert.Equal(json, await DecodedAsync(second));
    }

    private static async Task<byte[]> DecodedAsync(HttpResponseMessage response)
    {
        await using var body = await response.Content.ReadAsStreamAsync();
        await using Stream decoded = response.Content.Headers.ContentEncoding.SingleOrDefault() switch
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
