using Microsoft.AspNetCore.Connections;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>The open connections of clients, at most as many as there is memory for. When there are that many, a new one replaces the one that has been without a request for longest.</summary>
/// <remarks>
/// So connections on which nothing is sent, or only the half of a request's headers, cost no memory beyond that, and block no other clients:
/// a client that sends a whole request is served. Kestrel's own limit would close the new ones and leave those that only take up room.
/// </remarks>
internal sealed partial class ClientConnections(
    HttpSettings settings,
    TimeProvider clock,
    ILogger<ClientConnections> logger
)
{
    private static readonly TimeSpan BetweenLogLines = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<ClientConnection> _open = [];
    private readonly int _max = settings.MaxConnectionsOr(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    private long _lastLogLine;
    private int _closed;

    /// <summary>Serves a connection from its beginning to its end.</summary>
    public async Task ServeAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var connection = new ClientConnection(context, clock);
        if (!TryAdd(connection, out var replaced))
        {
            context.Abort(new ConnectionAbortedException("All connections have a request under way."));
            return;
        }

        try
        {
            if (replaced is not null)
            {
                // Its memory is wanted first.
                replaced.Abort();
                await replaced.Ended;
            }

            context.Features.Set(connection);
            await next(context);
        }
        finally
        {
            Remove(connection);
            connection.End();
        }
    }

    private bool TryAdd(ClientConnection connection, out ClientConnection? replaced)
    {
        lock (_lock)
        {
            replaced = null;
            if (_open.Count >= _max)
            {
                LogClosedNowAndThen();
                replaced = LongestIdle();
                if (replaced is null)
                {
                    return false;
                }

                RemoveFromList(replaced);
            }

            connection.Index = _open.Count;
            _open.Add(connection);
            return true;
        }
    }

    private void Remove(ClientConnection connection)
    {
        lock (_lock)
        {
            RemoveFromList(connection);
        }
    }

    /// <summary>The last one takes its index; nothing if it has been replaced before.</summary>
    private void RemoveFromList(ClientConnection connection)
    {
        if (connection.Index >= 0)
        {
            var last = _open[^1];
            _open[connection.Index] = last;
            last.Index = connection.Index;
            _open.RemoveAt(_open.Count - 1);
            connection.Index = -1;
        }
    }

    private ClientConnection? LongestIdle()
    {
        ClientConnection? found = null;
        var since = long.MaxValue;
        foreach (var connection in _open)
        {
            if (connection.IdleSince is { } idle && idle < since)
            {
                (found, since) = (connection, idle);
            }
        }

        return found;
    }

    private void LogClosedNowAndThen()
    {
        _closed++;
        var now = clock.GetTimestamp();
        if (_lastLogLine == 0 || clock.GetElapsedTime(_lastLogLine, now) >= BetweenLogLines)
        {
            LogClosed(_max, _closed);
            (_lastLogLine, _closed) = (now, 0);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "All {max} connections of clients are in use: {closed} were closed since the last such line to make room for new ones"
    )]
    private partial void LogClosed(int max, int closed);
}

/// <summary>A connection of a client, and whether a request on it is under way.</summary>
internal sealed class ClientConnection(ConnectionContext context, TimeProvider clock)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _idleSince = clock.GetTimestamp();
    private int _requests;

    /// <summary>Where it is in the list; -1 when it isn't.</summary>
    public int Index { get; set; }

    /// <summary>Since when no request has been under way, on the clock; null while one is.</summary>
    public long? IdleSince => Volatile.Read(ref _requests) == 0 ? Volatile.Read(ref _idleSince) : null;

    /// <summary>Ends when it has.</summary>
    public Task Ended => _ended.Task;

    /// <summary>A request's headers have come.</summary>
    public void BeginRequest() => Interlocked.Increment(ref _requests);

    /// <summary>The request is done.</summary>
    public void EndRequest()
    {
        Volatile.Write(ref _idleSince, clock.GetTimestamp());
        Interlocked.Decrement(ref _requests);
    }

    /// <summary>Closes it.</summary>
    public void Abort() => context.Abort(new ConnectionAbortedException("The connection made room for a new one."));

    /// <summary>It is closed, and its memory free.</summary>
    public void End() => _ended.SetResult();
}

/// <summary>Tells a request's connection of it.</summary>
internal sealed class ClientConnectionMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Tests without a server have no connection.
        var connection = context.Features.Get<ClientConnection>();
        connection?.BeginRequest();
        try
        {
            await next(context);
        }
        finally
        {
            connection?.EndRequest();
        }
    }
}
