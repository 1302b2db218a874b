using System.CommandLine;
using MarketsApi.Infrastructure.CommandLine;
using MarketsApi.Infrastructure.Health;
using MarketsApi.Infrastructure.Http.Server;
using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.Options;

namespace MarketsApi.Features.CheckHealth;

/// <summary>The verb that asks the serving process whether it is ready, for a container without a shell.</summary>
internal sealed class CheckHealthCommand(IOptions<ListeningSettings> settings) : IVerb
{
    private const string Name = "health";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Asks and ends the process, when the arguments ask for this and nothing else: a container's engine does that every few seconds, and
    /// building the program for it would cost several times as much.
    /// </summary>
    public static async Task ExitIfAskedForAsync(string[] args)
    {
        if (args is [Name])
        {
            Environment.Exit(await RunAsync());
        }
    }

    private static async Task<int> RunAsync()
    {
        var listening = ListeningSetup.Read(ProgramFolder.ReadSettings());
        if (listening.Validate(null, listening) is { Failed: true, FailureMessage: var error })
        {
            await Console.Error.WriteLineAsync(error);
            return 1;
        }

        return await AskAsync(listening, CancellationToken.None);
    }

    public Command Describe()
    {
        var command = new Command(
            Name,
            "Check whether the serving process is ready: the exit code is 0 when it is, otherwise 1."
        );
        command.SetAction((_, cancellationToken) => AskAsync(settings.Value, cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(ListeningSettings listening, CancellationToken cancellationToken)
    {
        var address = AddressOf(listening);
        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using var response = await client.GetAsync(new Uri(address, HealthSetup.Ready), cancellationToken);
            Console.WriteLine(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"No response from {address}: {exception.Message}");
            return 1;
        }
    }

    /// <summary>Where the serving process listens, seen from the same machine.</summary>
    private static Uri AddressOf(ListeningSettings listening)
    {
        var address = BindingAddress.Parse(listening.Urls.Split(';')[0]);
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return new Uri($"{address.Scheme}://{host}:{address.Port}");
    }
}
