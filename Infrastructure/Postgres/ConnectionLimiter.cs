using MarketsApi.Infrastructure.Observability;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Lets as many work with the database as there are connections. Requests beyond wait for a moment, in a line of bounded length, and are then turned away.</summary>
/// <remarks>
/// The pool would let any number wait, each for seconds: long after their callers have given up, and in front of those who come later.
/// Jobs wait as long as it takes. One connection is left out, so that the health check always finds one.
/// </remarks>
internal sealed partial class ConnectionLimiter(
    NpgsqlDataSource source,
    DatabaseSettings settings,
    ILogger<ConnectionLimiter> logger
) : IDisposable
{
    private const int MillisecondsBetweenLines = 1000;

    private readonly SemaphoreSlim _free = new(PlacesIn(source));
    private readonly TimeSpan _maxWait = TimeSpan.FromMilliseconds(settings.MaxWaitMilliseconds);
    private volatile bool _isStuck;
    private int _waiting;
    private int _turnedAway;
    private long _lastLine = -MillisecondsBetweenLines;

    /// <summary>Ends when the caller may take a connection; it has to <see cref="Leave"/> then.</summary>
    /// <exception cref="DatabaseBusyException">All connections are in use, and stay so.</exception>
    public Task EnterAsync(CancellationToken cancellationToken) =>
        _free.Wait(0, CancellationToken.None) ? Task.CompletedTask
        : RequestLogContext.Current is null ? _free.WaitAsync(cancellationToken)
        : WaitAsync(cancellationToken);

    /// <summary>Gives the place to the next.</summary>
    public void Leave()
    {
        if (_isStuck)
        {
            _isStuck = false;
        }

        _free.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private static int PlacesIn(NpgsqlDataSource source) =>
        Math.Max(1, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize - 1);

    /// <summary>Once somebody has waited in vain, nobody waits any more until a connection comes back: the same would become of them.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_isStuck)
        {
            throw TurnAway();
        }

        try
        {
            if (Interlocked.Increment(ref _waiting) > settings.MaxWaiting)
            {
                throw TurnAway();
            }

            if (!await _free.WaitAsync(_maxWait, cancellationToken))
            {
                _isStuck = true;
                throw TurnAway();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Says so in the log, but at most once a second however many there are.</summary>
    private DatabaseBusyException TurnAway()
    {
        Interlocked.Increment(ref _turnedAway);
        var last = Interlocked.Read(ref _lastLine);
        var now = Environment.TickCount64;
        if (now - last >= MillisecondsBetweenLines && Interlocked.CompareExchange(ref _lastLine, now, last) == last)
        {
            LogTurnedAway(Interlocked.Exchange(ref _turnedAway, 0));
        }

        return new DatabaseBusyException();
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "All connections to the database are in use: {turnedAway} requests turned away since the last such line"
    )]
    private partial void LogTurnedAway(int turnedAway);
}
