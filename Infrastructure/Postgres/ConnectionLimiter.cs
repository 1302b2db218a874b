using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Lets as many work with the database as there are connections. Requests beyond wait for a moment, in a line of bounded length, and are then turned away.</summary>
/// <remarks>
/// The pool would let any number wait, each for seconds: long after their callers have given up, and in front of those who come later.
/// One connection is left out, so that the health check always finds one.
/// </remarks>
internal sealed partial class ConnectionLimiter(
    NpgsqlDataSource source,
    DatabaseSettings settings,
    TimeProvider clock,
    ILogger<ConnectionLimiter> logger
) : IDisposable
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _free = new(PlacesIn(source));
    private readonly TimeSpan _maxWait = TimeSpan.FromMilliseconds(settings.MaxWaitMilliseconds);
    private volatile bool _isStuck;
    private int _waiting;
    private int _turnedAway;
    private long _lastLine;

    /// <summary>Ends when the caller may take a connection; it has to <see cref="Leave"/> then.</summary>
    /// <exception cref="DatabaseBusyException">All connections are in use, and stay so.</exception>
    public Task EnterAsync(ConnectionWait wait, CancellationToken cancellationToken) =>
        _free.Wait(0, CancellationToken.None) ? Task.CompletedTask
        : wait == ConnectionWait.Unlimited ? _free.WaitAsync(cancellationToken)
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

    /// <summary>After one wait has timed out, fails fast until a connection is returned.</summary>
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

    /// <summary>Logs it, but at most once a second.</summary>
    private DatabaseBusyException TurnAway()
    {
        Interlocked.Increment(ref _turnedAway);
        var last = Interlocked.Read(ref _lastLine);
        var now = clock.GetTimestamp();
        if (
            (last == 0 || clock.GetElapsedTime(last, now) >= BetweenLines)
            && Interlocked.CompareExchange(ref _lastLine, now, last) == last
        )
        {
            LogTurnedAway(Interlocked.Exchange(ref _turnedAway, 0));
        }

        return new DatabaseBusyException();
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "All connections to the database are in use: {turnedAway} requests were rejected since the last such line"
    )]
    private partial void LogTurnedAway(int turnedAway);
}

/// <summary>How long to wait for a connection while all are in use.</summary>
internal enum ConnectionWait
{
    /// <summary>As a request does: for a moment, since its caller gives up.</summary>
    Limited,

    /// <summary>As a job does: for as long as it takes.</summary>
    Unlimited,
}

/// <summary>A request was turned away because all connections to the database are in use, and stay so.</summary>
internal sealed class DatabaseBusyException() : TimeoutException("All connections to the database are in use.");

/// <summary>A connection and the place among those that work with the database; disposing gives back both.</summary>
/// <param name="connection">The connection.</param>
/// <param name="limiter">Where the place is given back.</param>
internal sealed class HeldConnection(NpgsqlConnection connection, ConnectionLimiter limiter) : IAsyncDisposable
{
    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection => connection;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.DisposeAsync();
        }
        finally
        {
            limiter.Leave();
        }
    }
}
