using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

/// <summary>Clients that send or read so slowly that they only take up room.</summary>
public sealed class SlowClientTests(SlowClientTests.Impatient api) : IClassFixture<SlowClientTests.Impatient>
{
    private const int Crowd = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Five_hundred_that_trickle_headers_delay_no_others_and_are_closed()
    {
        var server = api.Live.Address;
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Crowd; i++)
            {
                var client = new TcpClient();
                await client.ConnectAsync(server.Host, server.Port, Cancel);
                await client.GetStream().WriteAsync("GET /api/markets HTTP/1.1\r\nHost: a\r\n"u8.ToArray(), Cancel);
                clients.Add(client);
            }

            var endings = clients.Select(TrickleUntilClosedAsync).ToList();
            var slowest = TimeSpan.Zero;
            var served = 0;
            while (!endings.TrueForAll(ending => ending.IsCompleted))
            {
                var started = Stopwatch.GetTimestamp();
                using var response = await api.Live.Client.GetAsync("/api/markets?limit=1", Cancel);
                Assert.True(response.IsSuccessStatusCode);
                slowest = Stopwatch.GetElapsedTime(started) is var took && took > slowest ? took : slowest;
                served++;
                await Task.Delay(20, Cancel);
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{served} requests beside them, the slowest {slowest}");
            Assert.All(await Task.WhenAll(endings), isClosed => Assert.True(isClosed, "a connection stayed open"));
            Assert.InRange(served, 10, int.MaxValue);
            Assert.True(slowest < TimeSpan.FromSeconds(5), $"a request took {slowest} beside slow clients");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task One_that_trickles_its_body_gets_a_problem_and_is_closed()
    {
        using var client = await ConnectAsync();
        var head =
            $"POST /api/markets HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {api.Alice.Token}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{{";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancel);

        var response = await ReadToEndAsync(client);

        Assert.StartsWith("HTTP/1.1 408 ", response, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_read_its_responses_is_closed()
    {
        using var client = await ConnectAsync();
        var request = Encoding.ASCII.GetBytes("GET /openapi/v1.json HTTP/1.1\r\nHost: a\r\n\r\n");
        var started = Stopwatch.GetTimestamp();

        // The responses fill the connection's buffers; after that the server can't write.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < Patience)
            {
                await client.GetStream().WriteAsync(request, Cancel);
                await Task.Delay(2, Cancel);
            }
        });
    }

    [Fact]
    public async Task A_connection_on_which_nothing_is_asked_is_closed()
    {
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Cancel);

        Assert.StartsWith("HTTP/1.1 200 ", await ReadToEndAsync(client), StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(api.Live.Address.Host, api.Live.Address.Port, Cancel);
        return client;
    }

    /// <summary>One byte of a header every half second, until the server closes or patience ends.</summary>
    private static async Task<bool> TrickleUntilClosedAsync(TcpClient client)
    {
        using var patience = new CancellationTokenSource(Patience);
        var closing = ReadToEndAsync(client);
        try
        {
            while (!closing.IsCompleted && !patience.IsCancellationRequested)
            {
                await client.GetStream().WriteAsync("x"u8.ToArray(), patience.Token);
                await Task.Delay(500, patience.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Closed, or out of patience.
        }

        return !patience.IsCancellationRequested;
    }

    /// <summary>What comes until the server closes.</summary>
    private static async Task<string> ReadToEndAsync(TcpClient client)
    {
        using var patience = new CancellationTokenSource(Patience);
        var response = new MemoryStream();
        try
        {
            await client.GetStream().CopyToAsync(response, patience.Token);
        }
        catch (IOException)
        {
            // Reset, which is closed as well.
        }

        return Encoding.UTF8.GetString(response.ToArray());
    }

    /// <summary>A program that waits for no client long.</summary>
    public sealed class Impatient : ApiFixture
    {
        /// <inheritdoc/>
        protected override IReadOnlyDictionary<string, string> Settings { get; } =
            new Dictionary<string, string>
            {
                ["Http:HeaderTimeoutSeconds"] = "2",
                ["Http:IdleTimeoutSeconds"] = "2",
                ["Http:GraceSeconds"] = "2",
                ["Http:MinBytesPerSecond"] = "1000000",
            };
    }
}
