using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Limits concurrent work with the database to the number of connections, each caller to half of them, and a caller's dear requests to a few. Further requests wait in turn for a moment, and are then rejected.</summary>
/// <remarks>
/// The pool would let any number wait, each for seconds: long after their callers have given up, and in front of those who come later.
/// One connection is left out, so that the health check always finds one. Each caller has a line of their own, and a connection that
/// comes back goes to the next line: a caller's single request waits for one request of each other caller, not for all of them.
/// A caller's dear requests have a line of their own: what they use up is the database's processors, which are fewer than connections,
/// and the caller's plain requests needn't wait for them.
/// </remarks>
internal sealed partial class ConnectionLimiter
{
    private static readonly TimeSpan BetweenLogLines = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();

    /// <summary>The callers who use connections or wait for one.</summary>
    private readonly Dictionary<ConnectionUse, Line> _lines = [];

    /// <summary>The lines whose first could enter if a connection were free, in turn. While one is free there are none.</summary>
    private readonly Queue<Line> _turns = new();

    private readonly int _connections;
    private readonly int _maxDear;
    private readonly int _maxWaiting;
    private readonly TimeSpan _maxWait;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private int _free;
    private long _returns;
    private bool _isStuck;
    private int _turnedAway;
    private long _lastLogLine;

    public ConnectionLimiter(
        NpgsqlDataSource source,
        DatabaseSettings settings,
        TimeProvider clock,
        ILogger<ConnectionLimiter> logger
    )
    {
        _connections = _free = Math.Max(1, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize - 1);
        _maxDear = settings.MaxDearPerCaller;
        _maxWaiting = settings.MaxWaiting;
        _maxWait = TimeSpan.FromMilliseconds(settings.MaxWaitMilliseconds);
        (_clock, _logger) = (clock, logger);
    }

    private int HalfOfConnections => (_connections + 1) / 2;

    /// <summary>Ends when the caller may take a connection, who then has to <see cref="Leave"/>.</summary>
    /// <exception cref="DatabaseBusyException">The caller's connections are all in use, and stay so.</exception>
    public Task EnterAsync(ConnectionUse use, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiter> waiter;
        lock (_lock)
        {
            var line = LineOf(use);
            if (_free > 0 && line.Waiters.Count == 0 && line.HasRoom)
            {
                Take(line);
                return Task.CompletedTask;
            }

            if (use.Wait == ConnectionWait.Limited && (_isStuck || line.Waiters.Count >= _maxWaiting))
            {
                return Task.FromException(TurnAway());
            }

            waiter = line.Waiters.AddLast(new Waiter(line, _returns));
            GiveTurn(line);
        }

        return WaitAsync(waiter, use.Wait, cancellationToken);
    }

    /// <summary>Gives the connection to the next in turn.</summary>
    public void Leave(ConnectionUse use)
    {
        lock (_lock)
        {
            var line = LineOf(use);
            line.Used--;
            _free++;
            _returns++;
            _isStuck = false;
            GiveTurn(line);
            LetIn();
            Forget(line);
        }
    }

    private async Task WaitAsync(
        LinkedListNode<Waiter> waiter,
        ConnectionWait wait,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await waiter.Value.Entered.WaitAsync(
                wait == ConnectionWait.Limited ? _maxWait : Timeout.InfiniteTimeSpan,
                _clock,
                cancellationToken
            );
        }
        catch (TimeoutException)
        {
            if (TryGiveUp(waiter, isTimeout: true))
            {
                throw TurnAway();
            }
        }
        catch (OperationCanceledException)
        {
            // Unless it was let in at this very moment: then its next step is cancelled.
            if (TryGiveUp(waiter, isTimeout: false))
            {
                throw;
            }
        }
    }

    /// <summary>Takes a waiter out of the line; false when it has just been let in.</summary>
    /// <remarks>When no connection at all came back during the whole wait, later ones fail fast until one does.</remarks>
    private bool TryGiveUp(LinkedListNode<Waiter> waiter, bool isTimeout)
    {
        lock (_lock)
        {
            if (waiter.List is null)
            {
                return false;
            }

            var line = waiter.Value.Line;
            line.Waiters.Remove(waiter);
            _isStuck |= isTimeout && waiter.Value.ReturnsBefore == _returns;
            GiveTurn(line);
            LetIn();
            Forget(line);
            return true;
        }
    }

    private Line LineOf(ConnectionUse use)
    {
        if (!_lines.TryGetValue(use, out var line))
        {
            _lines[use] = line = new Line(use, ShareOf(use));
        }

        return line;
    }

    private int ShareOf(ConnectionUse use) =>
        use switch
        {
            // The program itself may use all: its requests are few, and jobs have a limit of their own.
            { Caller: null } => _connections,
            { IsDear: true } => Math.Min(_maxDear, HalfOfConnections),
            _ => HalfOfConnections,
        };

    private void Forget(Line line)
    {
        if (line.Used == 0 && line.Waiters.Count == 0)
        {
            _lines.Remove(line.Key);
        }
    }

    private void Take(Line line)
    {
        line.Used++;
        _free--;
    }

    private void GiveTurn(Line line)
    {
        if (!line.HasTurn && line.Waiters.First is { } first && line.HasRoom)
        {
            line.HasTurn = true;
            _turns.Enqueue(line);
        }
    }

    private void LetIn()
    {
        while (_free > 0 && _turns.TryDequeue(out var line))
        {
            line.HasTurn = false;
            // The one that the turn was for may have given up.
            if (line.Waiters.First is { } first && line.HasRoom)
            {
                line.Waiters.Remove(first);
                Take(line);
                first.Value.LetIn();
                GiveTurn(line);
            }
        }
    }

    /// <summary>Logs it, but at most once a second.</summary>
    private DatabaseBusyException TurnAway()
    {
        Interlocked.Increment(ref _turnedAway);
        var last = Interlocked.Read(ref _lastLogLine);
        var now = _clock.GetTimestamp();
        if (
            (last == 0 || _clock.GetElapsedTime(last, now) >= BetweenLogLines)
            && Interlocked.CompareExchange(ref _lastLogLine, now, last) == last
        )
        {
            LogTurnedAway(Interlocked.Exchange(ref _turnedAway, 0));
        }

        return new DatabaseBusyException();
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "All connections to the database, or all of one caller's share, are in use: {turnedAway} requests were rejected since the last such line"
    )]
    private partial void LogTurnedAway(int turnedAway);

    /// <summary>The connections that one caller uses for requests of a kind, and those of these requests that wait.</summary>
    private sealed class Line(ConnectionUse key, int share)
    {
        public ConnectionUse Key { get; } = key;

        /// <summary>How many connections of the share are in use.</summary>
        public int Used { get; set; }

        public bool HasRoom => Used < share;

        public bool HasTurn { get; set; }

        public LinkedList<Waiter> Waiters { get; } = new();
    }

    private sealed class Waiter(Line line, long returnsBefore)
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Line Line { get; } = line;

        /// <summary>How many connections had ever come back when the wait began.</summary>
        public long ReturnsBefore { get; } = returnsBefore;

        public Task Entered => _entered.Task;

        public void LetIn() => _entered.SetResult();
    }
}

/// <summary>A request was turned away because the connections to the database that it could have are in use, and stay so.</summary>
internal sealed class DatabaseBusyException()
    : TimeoutException("All connections to the database that this caller can have are in use.");

/// <summary>A connection and the place among those that work with the database; disposing gives back both.</summary>
/// <param name="connection">The connection.</param>
/// <param name="limiter">Where the place is given back.</param>
/// <param name="use">For whom it was taken.</param>
internal sealed class HeldConnection(NpgsqlConnection connection, ConnectionLimiter limiter, ConnectionUse use)
    : IAsyncDisposable
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
            limiter.Leave(use);
        }
    }
}
