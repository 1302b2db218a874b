using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MarketsApi.Tests.Support;

/// <summary>The program on a real Kestrel port, for what goes beyond a scenario: raw bytes, many connections, other clients.</summary>
public sealed class LiveServer : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> _factory;

    /// <summary>Starts it.</summary>
    public LiveServer(Action<IWebHostBuilder> configure)
    {
        _factory = new Factory(configure);
        // Not UseKestrel(0), which sets the port too late: sometimes after the program has started.
        _factory.UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _factory.StartServer();
        var server = _factory.Services.GetRequiredService<IServer>();
        Address = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        Client = NewClient();
        WaitUntilReady();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A client whose base address is the server's.</summary>
    public HttpClient Client { get; }

    /// <summary>What the program is made of.</summary>
    public IServiceProvider Services => _factory.Services;

    /// <summary>A client with connections of its own, that sends headers beyond ASCII, too.</summary>
    public HttpClient NewClient() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            }
        )
        {
            BaseAddress = Address,
        };

    /// <summary>Sends these bytes as they are, and reads until the server closes or falls silent.</summary>
    public async Task<string> SendRawAsync(string request, TimeSpan? silence = null)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(Address.Host, Address.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var response = new MemoryStream();
        var buffer = new byte[16_384];
        try
        {
            while (true)
            {
                using var timeout = new CancellationTokenSource(silence ?? TimeSpan.FromMilliseconds(500));
                var read = await stream.ReadAsync(buffer, timeout.Token);
                if (read == 0)
                {
                    break;
                }

                response.Write(buffer, 0, read);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Silence or a closed connection ends the response, too.
        }

        return Encoding.UTF8.GetString(response.ToArray());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
    }

    /// <remarks>Until its first look at the database the program returns 503.</remarks>
    private void WaitUntilReady()
    {
        for (var tries = 0; tries < 200; tries++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready");
            using var response = Client.Send(request);
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            Thread.Sleep(25);
        }
    }

    private sealed class Factory(Action<IWebHostBuilder> configure) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => configure(builder);
    }
}
