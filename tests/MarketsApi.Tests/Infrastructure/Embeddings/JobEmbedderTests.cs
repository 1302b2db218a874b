using MarketsApi.Infrastructure.Embeddings;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Embeddings;

public sealed class JobEmbedderTests : IAsyncLifetime
{
    private readonly EmbeddingServer _server = new();
    private readonly EmbedderParts _parts;

    public JobEmbedderTests() =>
        _parts = new EmbedderParts(
            new EmbeddingSettings
            {
                Provider = "openai",
                Endpoint = _server.Endpoint,
                BatchSize = 3,
            }
        );

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _parts.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Tries_again_after_an_error_and_when_the_provider_says()
    {
        _server.Failure = count =>
            count == 1 ? Results.StatusCode(500)
            : count == 2 ? new WaitResult("0")
            : null;

        var vectors = await _parts.Jobs.EmbedAsync(["one"], CancellationToken.None);

        Assert.Equal(LocalEmbedder.Embed("one"), Assert.Single(vectors).ToArray());
        Assert.Equal(3, _server.Requests.Count);
        // Up to two seconds after the first, at random; none after the second, which said so.
        Assert.InRange(Assert.Single(_parts.Clock.Waits).TotalSeconds, 0.001, 2);
    }

    [Theory]
    [InlineData(401, null)]
    [InlineData(429, "3600")]
    public async Task Gives_up_at_once_where_trying_again_is_of_no_use(int status, string? retryAfter)
    {
        _server.Failure = _ => retryAfter is null ? Results.StatusCode(status) : new WaitResult(retryAfter);

        var error = await Assert.ThrowsAsync<EmbeddingException>(() =>
            _parts.Jobs.EmbedAsync(["one"], CancellationToken.None)
        );

        Assert.Single(_server.Requests);
        Assert.Equal(retryAfter is null ? null : TimeSpan.FromHours(1), error.RetryAfter);
    }

    [Fact]
    public async Task Leaves_a_provider_alone_that_keeps_failing()
    {
        _server.Failure = _ => Results.StatusCode(500);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FailAsync()));
        var requests = _server.Requests.Count;
        var error = await FailAsync();

        Assert.Equal(requests, _server.Requests.Count);
        Assert.True(error is { IsPassing: true, RetryAfter: not null });
    }

    [Fact]
    public async Task Splits_many_texts()
    {
        var made = await _parts.Jobs.EmbedAsync(["1", "2", "3", "4"], CancellationToken.None);

        Assert.Equal(
            [
                ["1", "2", "3"],
                ["4"],
            ],
            _server.Requests
        );
        Assert.Equal(LocalEmbedder.Embed("4"), made[3].ToArray());
    }

    private Task<EmbeddingException> FailAsync() =>
        Assert.ThrowsAsync<EmbeddingException>(() => _parts.Jobs.EmbedAsync(["one"], CancellationToken.None));

    private sealed class WaitResult(string value) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = 429;
            httpContext.Response.Headers.RetryAfter = value;
            return Task.CompletedTask;
        }
    }
}
