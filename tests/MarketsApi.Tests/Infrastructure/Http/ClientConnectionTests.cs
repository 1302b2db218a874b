using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MarketsApi.Infrastructure.Http.Server;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

/// <summary>Clients that open more connections than there is memory for, and the others beside them.</summary>
public sealed class ClientConnectionTests
{
    private const int Few = 50;

    [Fact]
    public async Task Idle_connections_block_no_other_clients()
    {
        await using var program = await StartAsync(
            ("Http__MaxConnections", Few.ToString(CultureInfo.InvariantCulture))
        );
        using var silent = new Crowd();
        await silent.ConnectAsync(program.Address, 3 * Few, []);

        for (var i = 0; i < 5; i++)
        {
            using var client = new HttpClient { BaseAddress = program.Address, Timeout = TimeSpan.FromSeconds(10) };
            using var response = await client.GetAsync("/health/live", Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_connection_with_a_request_under_way_is_not_closed_for_others()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var program = await StartAsync(
            ("Http__MaxConnections", Few.ToString(CultureInfo.InvariantCulture)),
            ("DATABASE_URL", database.ConnectionString)
        );
        await program.UntilAsync("/health/ready");
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(program.Address.Host, program.Address.Port, Cancel);
        var stream = tcp.GetStream();
        var body = """{"name": "A market whose body takes its time"}""";
        var head =
            $"POST /api/markets HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {User.New().Token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Cancel);
        var first = new byte[12];
        await stream.ReadExactlyAsync(first, Cancel);
        Assert.Equal("HTTP/1.1 100", Encoding.ASCII.GetString(first)); // the handler waits for the body

        using var silent = new Crowd();
        await silent.ConnectAsync(program.Address, 3 * Few, []);
        using var others = new HttpClient { BaseAddress = program.Address };
        using var live = await others.GetAsync("/health/live", Cancel);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(body), Cancel);

        var rest = await new StreamReader(stream).ReadToEndAsync(Cancel);
        Assert.Contains("HTTP/1.1 400", rest, StringComparison.Ordinal); // endsAt is missing
        Assert.Contains("endsAt", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_half_sent_take_no_more_memory_than_there_is()
    {
        // As in a container of 170 MiB. The attack at full length is 9,500 connections against 384 MiB.
        await using var program = await StartAsync(("DOTNET_GCHeapHardLimit", "0x8000000"));
        var half = new StringBuilder("GET /api/markets HTTP/1.1\r\nHost: x\r\n");
        for (var i = 0; i < 15; i++)
        {
            half.Append(CultureInfo.InvariantCulture, $"X-{i}: {new string('a', 1000)}\r\n");
        }

        using var attackers = new Crowd();
        await attackers.ConnectAsync(program.Address, 3000, Encoding.ASCII.GetBytes(half.ToString()));

        using var client = new HttpClient { BaseAddress = program.Address, Timeout = TimeSpan.FromSeconds(30) };
        using var response = await client.GetAsync("/health/live", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("OutOfMemory", program.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_end_in_carriage_return_and_line_feed()
    {
        await using var program = await StartAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(program.Address.Host, program.Address.Port, Cancel);
        await tcp.GetStream().WriteAsync("GET /health/live HTTP/1.1\nHost: x\n\n"u8.ToArray(), Cancel);

        var response = await new StreamReader(tcp.GetStream()).ReadToEndAsync(Cancel);

        Assert.StartsWith("HTTP/1.1 400 ", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(384, 2_048)]
    [InlineData(4_096, 10_000)]
    [InlineData(1, 100)]
    public void There_are_as_many_as_there_is_memory_for(int mebibytes, int connections)
    {
        Assert.Equal(connections, new HttpSettings().MaxConnectionsOr(mebibytes * 1024L * 1024L));
        Assert.Equal(7, new HttpSettings { MaxConnections = 7 }.MaxConnectionsOr(mebibytes * 1024L * 1024L));
    }

    [Fact]
    public async Task Reports_a_socket_that_is_no_longer_listened_to()
    {
        await using var socket = new Socket();
        await using var listener = new WatchedListener(socket);
        Assert.False(listener.IsDeaf() || listener.IsDeaf());

        var accept = listener.AcceptAsync(Cancel);
        Assert.False(listener.IsDeaf() || listener.IsDeaf());
        socket.Accepts.SetException(new InsufficientMemoryException());
        await Assert.ThrowsAsync<InsufficientMemoryException>(async () => await accept);

        Assert.False(listener.IsDeaf());
        Assert.True(listener.IsDeaf());

        await listener.UnbindAsync(Cancel);
        Assert.False(listener.IsDeaf());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<ProgramProcess> StartAsync(params (string, string?)[] environment)
    {
        // It needs no database to say that it is alive.
        var program = ProgramProcess.Start(
            [],
            [("DATABASE_URL", "Host=127.0.0.1;Port=1;Username=nobody"), .. environment]
        );
        await program.UntilAsync("/health/live");
        return program;
    }

    /// <summary>Connections that say the beginning of something, and no more.</summary>
    private sealed class Crowd : IDisposable
    {
        private readonly List<TcpClient> _clients = [];

        public async Task ConnectAsync(Uri server, int count, byte[] beginning)
        {
            for (var i = 0; i < count; i++)
            {
                var client = new TcpClient();
                _clients.Add(client);
                await client.ConnectAsync(server.Host, server.Port, Cancel);
                try
                {
                    await client.GetStream().WriteAsync(beginning, Cancel);
                }
                catch (IOException)
                {
                    // Closed already, to make room for another.
                }
            }
        }

        public void Dispose() => _clients.ForEach(client => client.Dispose());
    }

    /// <summary>A socket whose next connection comes, or fails, when a test says so.</summary>
    private sealed class Socket : IConnectionListener
    {
        public TaskCompletionSource<ConnectionContext?> Accepts { get; } = new();

        public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await Accepts.Task;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
