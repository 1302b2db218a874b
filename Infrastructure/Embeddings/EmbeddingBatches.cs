using System.Threading.Channels;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Lets jobs that run at the same time share requests to the provider: while one is under way, the next one fills.</summary>
internal sealed class EmbeddingBatches(JobEmbedder embedder, Embedders embedders, TimeProvider clock) : IDisposable
{
    private const int MostAtOnce = 256;

    /// <summary>Jobs that are claimed together ask within this time of each other.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>();
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The text's vector.</summary>
    /// <exception cref="EmbeddingException">All attempts failed.</exception>
    public async Task<ReadOnlyMemory<float>> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        if (embedders.ConfiguredModel is { IsInProcess: true })
        {
            return (await embedder.EmbedAsync([text], cancellationToken))[0];
        }

        var waiting = new Waiting(text);
        _waiting.Writer.TryWrite(waiting);
        await Task.Delay(Gathering, clock, cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!waiting.Vector.Task.IsCompleted)
            {
                await EmbedWaitingAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }

        return await waiting.Vector.Task.WaitAsync(cancellationToken);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Embeds everything that waits, the caller's own text included.</summary>
    private async Task EmbedWaitingAsync(CancellationToken cancellationToken)
    {
        var batch = new List<Waiting>();
        while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var next))
        {
            batch.Add(next);
        }

        try
        {
            var vectors = await embedder.EmbedAsync([.. batch.Select(item => item.Text)], cancellationToken);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Vector.TrySetResult(vectors[i]);
            }
        }
        catch (EmbeddingException exception) when (exception.IsRejected && batch.Count > 1)
        {
            await EmbedEachAsync(batch, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Only this job was cancelled: the others go on.
            foreach (var item in batch)
            {
                _waiting.Writer.TryWrite(item);
            }

            throw;
        }
        catch (Exception exception)
        {
            batch.ForEach(item => item.Vector.TrySetException(exception));
        }
    }

    /// <summary>One text that the provider rejects must not fail the others.</summary>
    private async Task EmbedEachAsync(List<Waiting> batch, CancellationToken cancellationToken)
    {
        foreach (var item in batch)
        {
            try
            {
                item.Vector.TrySetResult((await embedder.EmbedAsync([item.Text], cancellationToken))[0]);
            }
            catch (EmbeddingException exception)
            {
                item.Vector.TrySetException(exception);
            }
        }
    }

    private sealed record Waiting(string Text)
    {
        public TaskCompletionSource<ReadOnlyMemory<float>> Vector { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
