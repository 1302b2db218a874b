using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Runtime.InteropServices;
using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Shutdown;

/// <summary>
/// Ends the program at the first SIGTERM, SIGINT, SIGQUIT or SIGHUP in steps: it is no longer ready, serves on while load balancers notice, and only
/// then stops listening and lets requests and jobs end. A second signal ends it at once.
/// </summary>
/// <remarks>The framework's own lifetime stops listening at once, so load balancers that haven't noticed yet get refused connections.
/// The settings come lazily, because the host is built before they are checked.</remarks>
internal sealed partial class DrainingLifetime(
    Draining draining,
    IOptions<ShutdownSettings> settings,
    IHostApplicationLifetime lifetime,
    IHostEnvironment environment,
    ILogger<DrainingLifetime> logger
) : IHostLifetime, IDisposable
{
    /// <summary>A terminal and the script above the program may both pass on one Ctrl-C.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly List<IDisposable> _registrations = [];
    private long? _signalledAt;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        // A terminal that closes sends SIGHUP; under nohup it stays ignored.
        foreach (
            var signal in (PosixSignal[])
                [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP]
        )
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
        }

        _registrations.Add(
            lifetime.ApplicationStarted.Register(() =>
                LogStarted(environment.EnvironmentName, environment.ContentRootPath)
            )
        );
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            if (_signalledAt is { } at)
            {
                if (Stopwatch.GetElapsedTime(at) > Echo)
                {
                    Environment.Exit(ExitCodeOf(context.Signal));
                }

                return;
            }

            _signalledAt = Stopwatch.GetTimestamp();
        }

        _ = DrainAndStopAsync(context.Signal);
    }

    private async Task DrainAndStopAsync(PosixSignal signal)
    {
        draining.Begin();
        var seconds = lifetime.ApplicationStarted.IsCancellationRequested ? settings.Value.DrainSeconds : 0;
        LogStopping(signal, seconds);
        await Task.Delay(TimeSpan.FromSeconds(seconds), lifetime.ApplicationStopping)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lifetime.StopApplication();
    }

    /// <summary>As shells count: 128 and the signal's number.</summary>
    private static int ExitCodeOf(PosixSignal signal) =>
        128
        + signal switch
        {
            PosixSignal.SIGHUP => 1,
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGQUIT => 3,
            _ => 15,
        };

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Started in the environment {environment} with the settings in {folder}"
    )]
    private partial void LogStarted(string environment, string folder);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Stopping on {signal}; serving requests for {seconds} s more"
    )]
    private partial void LogStopping(PosixSignal signal, int seconds);
}

/// <summary>An end without a dropped request.</summary>
internal static class ShutdownSetup
{
    public static void AddShutdown(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ShutdownSettings>(ShutdownSettings.Section);
        builder.Services.AddSingleton<Draining>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, DrainingLifetime>());
    }
}

/// <summary>How the program shuts down.</summary>
internal sealed class ShutdownSettings
{
    public const string Section = "Shutdown";

    /// <summary>How long it says that it isn't ready, and still serves, before it stops, in seconds: the time that load balancers need to notice.</summary>
    [Range(0, 300)]
    public int DrainSeconds { get; set; }
}

/// <summary>Whether the program is about to stop: it still responds, but wants no new work.</summary>
internal sealed class Draining
{
    private volatile bool _isOn;

    public bool IsOn => _isOn;

    public void Begin() => _isOn = true;
}
