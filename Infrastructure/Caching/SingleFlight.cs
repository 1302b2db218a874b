using System.Diagnostics.CodeAnalysis;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>One read that all who want the same at the same time wait for; when the last of them has gone, it is given up.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "A cancellation source without a timer holds nothing, and who waits last is not known."
)]
internal sealed class SingleFlight<T>
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandoned = new();
    private volatile bool _isOutdated;
    private int _waiting;

    /// <summary>What is read has changed since the read began: good enough for those who wait, but not to be kept.</summary>
    public bool IsOutdated
    {
        get => _isOutdated;
        set => _isOutdated = value;
    }

    /// <summary>Nobody waits any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Waits for the result.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, or everybody else had given up the moment before.</exception>
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

    /// <summary>Carries the read out, for all who wait.</summary>
    /// <param name="read">Reads.</param>
    /// <param name="end">Makes sure that nobody else comes to wait; runs before anybody hears of the result.</param>
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
            // Perhaps nobody waits any more to see it.
            _ = _done.Task.Exception;
        }
    }
}
