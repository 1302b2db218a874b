using Microsoft.AspNetCore.Hosting;

namespace MarketsApi.Tests.Support;

/// <summary>An instance of the program as it is deployed, on a port of its own, within the tests' process: it starts in a tenth of the time of a process, whose code must be compiled first.</summary>
public sealed class HostedProgram : IInstance
{
    private readonly LogLines _log = new();
    private readonly LiveServer _server;

    private HostedProgram((string Name, string? Value)[] environment) =>
        _server = new LiveServer(builder =>
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("Auth:Secret", Tokens.Secret);
            builder.UseSetting("RateLimiting:Enabled", "false");
            foreach (var (name, value) in environment)
            {
                builder.UseSetting(name.Replace("__", ":", StringComparison.Ordinal), value);
            }

            _log.TakeFrom(builder);
        });

    /// <inheritdoc/>
    public Uri Address => _server.Address;

    /// <inheritdoc/>
    public HttpClient Client => _server.Client;

    /// <inheritdoc/>
    public string Everything => _log.Text;

    /// <inheritdoc/>
    public bool IsRunning { get; private set; } = true;

    /// <summary>Starts it with just these settings, by the names that they have in the environment, besides a secret and no rate limits, and waits until it is ready.</summary>
    public static async Task<HostedProgram> StartAsync(params (string Name, string? Value)[] environment)
    {
        var program = await Task.Run(() => new HostedProgram(environment));
        await program.UntilAsync("/health/ready");
        return program;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        IsRunning = false;
        await _server.DisposeAsync();
        _log.Dispose();
    }
}
