using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MarketsApi.Tests.Support;

/// <summary>A plain TCP load balancer: asks each server whether it is ready, and gives each new connection to the next that is.</summary>
public sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<int, bool> _isReady = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _all;
    private int _next;

    /// <summary>Starts it.</summary>
    public Balancer()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _all = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>How many connections each server was given, by its port.</summary>
    public ConcurrentDictionary<int, int> Given { get; } = new();

    /// <summary>Begins to look at a server, until the server has gone.</summary>
    public void Add(ProgramProcess server) => _ = WatchAsync(server.Address.Port);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _all;
        _end.Dispose();
    }

    /// <remarks>With a new connection each time, as load balancers do.</remarks>
    private async Task WatchAsync(int port)
    {
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
        var wasReady = false;
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var response = await client.GetAsync($"http://127.0.0.1:{port}/health/ready", _end.Token);
                _isReady[port] = response.IsSuccessStatusCode;
                wasReady |= response.IsSuccessStatusCode;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                _isReady[port] = false;
                if (wasReady)
                {
                    return;
                }
            }

            await Task.Delay(Interval, CancellationToken.None);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The end.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        try
        {
            var ready = _isReady.Where(one => one.Value).Select(one => one.Key).Order().ToList();
            var port = ready[Interlocked.Increment(ref _next) % ready.Count];
            await server.ConnectAsync(IPAddress.Loopback, port);
            Given.AddOrUpdate(port, 1, (_, count) => count + 1);
            await Task.WhenAny(
                client.GetStream().CopyToAsync(server.GetStream(), _end.Token),
                server.GetStream().CopyToAsync(client.GetStream(), _end.Token)
            );
        }
        catch (Exception exception)
            when (exception is SocketException or InvalidOperationException or DivideByZeroException)
        {
            // No server, or none that takes it: the client learns of it by the end of its connection.
        }
        finally
        {
            client.Dispose();
        }
    }
}
