namespace MarketsApi.Infrastructure.Jobs;

/// <summary>The queue, for those who put jobs into it with their own write's statement; docs/jobs.md has that statement.</summary>
public sealed class JobQueue : IDisposable
{
    private readonly SemaphoreSlim _wakes = new(0);
    private int _isAwake;

    /// <summary>To be called after a job was committed, so that this process looks at once and not at its next poll.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            _wakes.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _wakes.Dispose();

    /// <summary>Waits until there is something to look at.</summary>
    /// <returns>False when none did in this time.</returns>
    internal async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var isAwake = await _wakes.WaitAsync(atMost, cancellationToken);
        if (isAwake)
        {
            Volatile.Write(ref _isAwake, 0);
        }

        return isAwake;
    }
}
