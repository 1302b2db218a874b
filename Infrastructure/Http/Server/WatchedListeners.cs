using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>The framework's sockets; when one of them isn't listened to any more, the program ends: it would run on without serving requests.</summary>
/// <remarks>The server stops accepting connections for good when that throws, such as when memory is short, and only logs it.</remarks>
internal sealed partial class WatchedListeners(
    SocketTransportFactory sockets,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<WatchedListeners> logger
) : BackgroundService, IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>The server takes the next connection within microseconds; a busy machine may take seconds.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<WatchedListener> _listeners = [];

    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint,
        CancellationToken cancellationToken = default
    )
    {
        var listener = new WatchedListener(await sockets.BindAsync(endpoint, cancellationToken));
        lock (_lock)
        {
            _listeners.Add(listener);
        }

        return listener;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(BetweenLooks, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (FindDeaf() is { } deaf)
            {
                LogDeaf(deaf.EndPoint);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
        }
    }

    private WatchedListener? FindDeaf()
    {
        lock (_lock)
        {
            return _listeners.Find(listener => listener.IsDeaf());
        }
    }

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "Connections to {address} are no longer accepted, so the program stops"
    )]
    private partial void LogDeaf(EndPoint address);
}

/// <summary>A socket that knows whether the server waits for its next connection.</summary>
internal sealed class WatchedListener(IConnectionListener inner) : IConnectionListener
{
    private volatile bool _isAwaited = true;
    private volatile bool _isClosed;
    private long _accepted;
    private long _acceptedBefore = -1;

    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        _isAwaited = true;
        try
        {
            return await inner.AcceptAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Increment(ref _accepted);
            _isAwaited = false;
        }
    }

    /// <summary>Whether the server doesn't wait for a connection, and hasn't since the last check.</summary>
    public bool IsDeaf()
    {
        var accepted = Interlocked.Read(ref _accepted);
        var isDeaf = !_isAwaited && !_isClosed && accepted == _acceptedBefore;
        _acceptedBefore = _isAwaited ? -1 : accepted;
        return isDeaf;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _isClosed = true;
        return inner.UnbindAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        return inner.DisposeAsync();
    }
}
