using MarketsApi.Infrastructure.Embeddings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Embeddings;

public sealed class OpenAIEmbedderTests : IAsyncLifetime
{
    private readonly EmbeddingServer _server = new();

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Sends_all_texts_in_one_request_with_model_key_and_dimensions()
    {
        var vectors = await EmbedAsync(Settings(dimensions: 1024), "one", "two");

        Assert.Equal(
            [
                ["one", "two"],
            ],
            _server.Requests
        );
        Assert.Equal(("some-model", 1024), _server.Asked);
        Assert.Equal("Bearer secret-key", _server.Authorization);
        Assert.Equal([LocalEmbedder.Embed("one"), LocalEmbedder.Embed("two")], vectors.Select(v => v.Vector.ToArray()));
    }

    [Fact]
    public async Task Leaves_dimensions_to_the_model_unless_told()
    {
        _server.Dimensions = 96;

        var vectors = await EmbedAsync(Settings(), "one");

        Assert.Null(_server.Asked.Dimensions);
        Assert.Equal(96, Assert.Single(vectors).Vector.Length);
    }

    [Fact]
    public async Task Rejects_another_number_of_dimensions_than_it_asked_for()
    {
        _server.Dimensions = 1536;

        var error = await Assert.ThrowsAsync<EmbeddingException>(() => EmbedAsync(Settings(dimensions: 256), "one"));

        Assert.Equal(
            "The embedding provider returned vectors with 1536 dimensions; Embeddings:Dimensions is 256.",
            error.Message
        );
        Assert.False(error.IsPassing);
    }

    [Theory]
    [InlineData(401, false, "The embedding provider responded with 401: it doesn't accept Embeddings:ApiKey.")]
    [InlineData(
        404,
        false,
        "The embedding provider responded with 404: it has no such address or model; check Embeddings:Endpoint and Embeddings:Model."
    )]
    [InlineData(
        400,
        false,
        "The embedding provider responded with 400: it rejected the request; check Embeddings:Model and Embeddings:Dimensions."
    )]
    [InlineData(429, true, "The embedding provider responded with 429: too many requests.")]
    [InlineData(500, true, "The embedding provider responded with 500.")]
    [InlineData(503, true, "The embedding provider responded with 503.")]
    public async Task Reports_an_error_in_one_sentence_without_the_key(int status, bool isPassing, string message)
    {
        _server.Failure = _ => Results.Text("Wrong key: secret-key", statusCode: status);

        var error = await Assert.ThrowsAsync<EmbeddingException>(() => EmbedAsync(Settings(), "one"));

        Assert.Equal(message, error.Message);
        Assert.Equal(isPassing, error.IsPassing);
        Assert.DoesNotContain("secret-key", error.ToString(), StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[]}]}""")]
    [InlineData("""{"data":[{"index":7,"embedding":[1,2]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[0,0]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":"AAAAPwAAgL4="},{"index":1,"embedding":"AAAAPwAAgL4="}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":"%%%"}]}""")]
    public async Task Rejects_a_response_that_it_can_t_read(string response)
    {
        _server.Failure = _ => Results.Text(response, "application/json");

        var error = await Assert.ThrowsAsync<EmbeddingException>(() => EmbedAsync(Settings(), "one"));

        Assert.False(error.IsPassing);
    }

    [Fact]
    public async Task A_server_that_is_gone_or_slow_may_come_back()
    {
        _server.Delay = TimeSpan.FromSeconds(30);
        var slow = await Assert.ThrowsAsync<EmbeddingException>(() => EmbedAsync(Settings(timeoutSeconds: 1), "one"));
        await _server.StopAsync();
        var gone = await Assert.ThrowsAsync<EmbeddingException>(() => EmbedAsync(Settings(), "one"));

        Assert.All([slow, gone], error => Assert.True(error.IsPassing));
        Assert.All([slow, gone], error => Assert.Equal("The embedding provider doesn't respond.", error.Message));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
    [InlineData("soon", null)]
    public async Task Reads_how_long_to_wait(string value, int? seconds)
    {
        _server.Failure = _ => new RetryAfterResult(value);

        var error = await Assert.ThrowsAsync<EmbeddingException>(() => EmbedAsync(Settings(), "one"));

        Assert.Equal(seconds, error.RetryAfter?.TotalSeconds);
    }

    private static async Task<GeneratedEmbeddings<Embedding<float>>> EmbedAsync(
        EmbeddingSettings settings,
        params string[] texts
    )
    {
        using var parts = new EmbedderParts(settings);
        using var embedder = new OpenAIEmbedder(
            settings.ConfiguredModel!,
            settings,
            parts.Metrics,
            TimeProvider.System
        );
        return await embedder.GenerateAsync(texts);
    }

    private EmbeddingSettings Settings(int dimensions = 0, int timeoutSeconds = 30) =>
        new()
        {
            Provider = "openai",
            Endpoint = _server.Endpoint,
            Model = "some-model",
            ApiKey = "secret-key",
            Dimensions = dimensions,
            TimeoutSeconds = timeoutSeconds,
        };

    private sealed class RetryAfterResult(string value) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = 429;
            httpContext.Response.Headers.RetryAfter = value;
            return Task.CompletedTask;
        }
    }
}
