using System.Collections.Concurrent;
using System.Text.Json;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MarketsApi.Tests.Infrastructure.Embeddings;

/// <summary>A small server that speaks OpenAI's API for embeddings, and fails as a test tells it to.</summary>
public sealed class EmbeddingServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<string[]> _requests = new();
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;

    /// <summary>Its address, whether it runs or not.</summary>
    public string Endpoint { get; } = $"http://127.0.0.1:{FreePorts.Next()}/v1";

    /// <summary>The texts of each request so far.</summary>
    public IReadOnlyList<string[]> Requests => [.. _requests];

    /// <summary>The last request's key.</summary>
    public string? Authorization { get; private set; }

    /// <summary>The last request's model and dimensions.</summary>
    public (string? Model, int? Dimensions) Asked { get; private set; }

    /// <summary>How many dimensions its vectors have.</summary>
    public int Dimensions { get; set; } = 1024;

    /// <summary>Replaces the response when it returns something; gets the number of requests so far.</summary>
    public Func<int, IResult?> Failure { get; set; } = _ => null;

    /// <summary>Completes when a caller has hung up before the response.</summary>
    public Task WhenAborted => _aborted.Task;

    /// <summary>How long it takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Starts the server.</summary>
    public async Task<EmbeddingServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Endpoint[..^3]);
        _app = builder.Build();
        _app.MapPost("/v1/embeddings", RespondAsync);
        await _app.StartAsync();
        return this;
    }

    /// <summary>Is gone.</summary>
    public async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
            _app = null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<IResult> RespondAsync(HttpRequest request)
    {
        using var body = await JsonDocument.ParseAsync(request.Body);
        var input = body.RootElement.GetProperty("input");
        string[] texts = [.. input.EnumerateArray().Select(text => text.GetString()!)];
        Authorization = request.Headers.Authorization;
        Asked = (
            body.RootElement.GetProperty("model").GetString(),
            body.RootElement.TryGetProperty("dimensions", out var number) ? number.GetInt32() : null
        );
        _requests.Enqueue(texts);
        using var aborted = request.HttpContext.RequestAborted.Register(() => _aborted.TrySetResult());
        await Task.Delay(Delay, request.HttpContext.RequestAborted);
        return Failure(_requests.Count) ?? Results.Json(new { data = texts.Select(VectorOf).ToArray() });
    }

    /// <remarks>As floats, though the client asks for base64: many servers do so.</remarks>
    private object VectorOf(string text, int index)
    {
        var vector = LocalEmbedder.Embed(text);
        return new { index, embedding = Enumerable.Range(0, Dimensions).Select(i => vector[i % vector.Length]) };
    }
}
