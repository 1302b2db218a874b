using System.Net;
using System.Net.Sockets;

namespace MarketsApi.Tests.Support;

/// <summary>
/// Ports of this machine for programs that listen only seconds later. Each is given out once, and from below the range that the system
/// hands out to outgoing connections (32768 and up): one of that range is often somebody's before the program comes to it.
/// </summary>
public static class FreePorts
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int _last = Random.Shared.Next(Count);

    /// <summary>A port that nothing listens on.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's: the next one, then.
            }
        }
    }
}
