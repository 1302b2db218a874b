using System.Diagnostics.CodeAnalysis;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>One read for all requests that want the same at the same time; when the last of them has gone, it is cancelled.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "A cancellation source without a timer holds nothing, and which request waits last is not known."
)]
internal sealed class SingleFlight<T>
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandoned = new();
    private volatile bool _isOutdated;
    private int _waiting;

    /// <summary>What is read has changed since the read began: good enough for the requests that wait, but not to be cached.</summary>
    public bool IsOutdated
    {
        get => _isOutdated;
        set => _isOutdated = value;
    }

    /// <summary>No request waits any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Waits for the result.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, or all other requests had given up the moment before.</exception>
    public async Task<T> WaitAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            return await _done.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            if (Interlocked.Decrement(ref _waiting) == 0 && !_done.Task.IsCompleted)
            {
                await _abandoned.CancelAsync();
            }
        }
    }

    /// <summary>Carries the read out, for all requests that wait.</summary>
    /// <param name="read">Reads.</param>
    /// <param name="end">Lets no other request join; runs before the result is known.</param>
    public async Task CarryOutAsync(Func<CancellationToken, Task<T>> read, Action end)
    {
        try
        {
            var result = await read(Abandoned);
            end();
            _done.SetResult(result);
        }
        catch (Exception exception)
        {
            end();
            _done.SetException(exception);
            // Perhaps no request waits any more to see it.
            _ = _done.Task.Exception;
        }
    }
}
