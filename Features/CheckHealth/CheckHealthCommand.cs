using System.CommandLine;
using MarketsApi.Infrastructure.CommandLine;
using MarketsApi.Infrastructure.Health;
using MarketsApi.Infrastructure.Http;
using Microsoft.Extensions.Options;

namespace MarketsApi.Features.CheckHealth;

/// <summary>The verb that asks the serving process whether it is ready, for a container without a shell.</summary>
internal sealed class CheckHealthCommand(IOptions<ListeningSettings> settings) : IVerb
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public Command Describe()
    {
        var command = new Command(
            "health",
            "Ask the serving process whether it is ready: exit code 0 when it is, else 1."
        );
        command.SetAction(
            async (_, cancellationToken) =>
            {
                using var client = new HttpClient { Timeout = Timeout };
                try
                {
                    using var response = await client.GetAsync(
                        new Uri(Address(), HealthSetup.Ready),
                        cancellationToken
                    );
                    Console.WriteLine(await response.Content.ReadAsStringAsync(cancellationToken));
                    return response.IsSuccessStatusCode ? 0 : 1;
                }
                catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
                {
                    await Console.Error.WriteLineAsync($"No answer from {Address()}: {exception.Message}");
                    return 1;
                }
            }
        );
        return command;
    }

    /// <summary>Where the serving process listens, seen from the same machine.</summary>
    private Uri Address()
    {
        var listens = settings.Value.Urls.Split(';')[0];
        var address = BindingAddress.Parse(listens);
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return new Uri($"{address.Scheme}://{host}:{address.Port}");
    }
}
