using System.Net;
using System.Net.Sockets;

namespace MarketsApi.Tests.Support;

/// <summary>A proxy between the program and a server that delays, freezes and cuts connections.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly int _ownPort;
    private readonly HashSet<TcpClient> _clients = [];
    private readonly SemaphoreSlim _flow = new(1);
    private TcpListener? _listener;

    /// <summary>A proxy to this address; it accepts connections at once, or only after <see cref="Open"/>.</summary>
    public TcpProxy(string host, int port, bool open = true)
    {
        (_host, _port, _ownPort) = (host, port, FreePorts.Next());
        if (open)
        {
            Open();
        }
    }

    /// <summary>Where it listens.</summary>
    public int Port => _ownPort;

    /// <summary>When set, looks at what the client sends: true cuts that connection once the bytes have gone to the server.</summary>
    public Func<ReadOnlyMemory<byte>, bool>? CutAfterSending { get; set; }

    /// <summary>When set, how long each piece that comes, either way, is held back; those behind it wait, too.</summary>
    public Func<TimeSpan>? Delay { get; set; }

    /// <summary>Takes connections.</summary>
    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, _ownPort);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    /// <summary>Rejects new connections and cuts the existing ones, like a server that has gone down.</summary>
    public void Close()
    {
        _listener?.Stop();
        _listener = null;
        Cut();
    }

    /// <summary>Cuts the connections that are there; new ones are welcome.</summary>
    public void Cut()
    {
        lock (_clients)
        {
            foreach (var client in _clients)
            {
                client.Close();
            }

            _clients.Clear();
        }
    }

    /// <summary>Lets nothing through any more, and says nothing, as a network that swallows packets.</summary>
    public Task FreezeAsync() => _flow.WaitAsync();

    /// <summary>Ends <see cref="FreezeAsync"/>.</summary>
    public void Thaw() => _flow.Release();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                lock (_clients)
                {
                    _clients.Add(client);
                    _clients.Add(server);
                }

                _ = CarryAsync(client, server);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task CarryAsync(TcpClient client, TcpClient server)
    {
        try
        {
            await server.ConnectAsync(_host, _port);
            await Task.WhenAny(
                PumpAsync(client, server, fromClient: true),
                PumpAsync(server, client, fromClient: false)
            );
        }
        catch (Exception exception)
            when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or no server: the other side learns of it below.
        }

        client.Close();
        server.Close();
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool fromClient)
    {
        var buffer = new byte[32_768];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var read)
            {
                await _flow.WaitAsync();
                _flow.Release();
                if (Delay?.Invoke() is { } delay)
                {
                    await Task.Delay(delay);
                }

                var isLast = fromClient && CutAfterSending?.Invoke(buffer.AsMemory(0, read)) == true;
                if (isLast)
                {
                    // The server gets the bytes; only its response is lost.
                    from.Close();
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
                if (isLast)
                {
                    await Task.Delay(500);
                    return;
                }
            }
        }
        catch (Exception exception)
            when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
    }
}
