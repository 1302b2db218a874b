using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Alba;

/// <summary>Starts the program under test. Unlike Alba's own, which calls the program in memory, it listens on a real port.</summary>
public sealed class AlbaHost : IAlbaHost
{
    private readonly IAsyncDisposable _factory;
    private readonly HttpClient _client;

    private AlbaHost(IAsyncDisposable factory, IServiceProvider services, HttpClient client)
    {
        _factory = factory;
        _client = client;
        Services = services;
    }

    /// <inheritdoc/>
    public IServiceProvider Services { get; }

    /// <summary>Starts the program whose entry point is in this type's assembly.</summary>
    public static Task<IAlbaHost> For<TEntryPoint>(Action<IWebHostBuilder> configuration)
        where TEntryPoint : class
    {
        var factory = new Factory<TEntryPoint>(configuration);
        // Not UseKestrel(0), which sets the port after the program was let go on, and so now and then after it has started.
        factory.UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        factory.StartServer();
        var server = factory.Services.GetRequiredService<IServer>();
        var address = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(address),
        };
        return Task.FromResult<IAlbaHost>(new AlbaHost(factory, factory.Services, client));
    }

    /// <inheritdoc/>
    public async Task<IScenarioResult> Scenario(Action<Scenario> configure)
    {
        var scenario = new Scenario();
        configure(scenario);
        using var request = scenario.ToRequest();
        using var answer = await _client.SendAsync(request);
        var result = await ScenarioResult.ReadAsync(answer);
        scenario.Check(result);
        return result;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _factory.DisposeAsync();
    }

    private sealed class Factory<TEntryPoint>(Action<IWebHostBuilder> configuration)
        : WebApplicationFactory<TEntryPoint>
        where TEntryPoint : class
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => configuration(builder);
    }
}
