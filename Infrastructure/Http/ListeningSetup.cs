using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Http;

/// <summary>Where the program listens.</summary>
internal static class ListeningSetup
{
    /// <summary>The address when no setting names one: this machine only.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    /// <summary>ASPNETCORE_URLS wins, then PORT, then the default. In a container PORT is for all interfaces, since nothing else would reach it.</summary>
    public static void AddListening(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var port = "";
        if (string.IsNullOrEmpty(configuration["URLS"]))
        {
            port = configuration["PORT"] ?? "";
            var host = configuration["DOTNET_RUNNING_IN_CONTAINER"] == "true" ? "+" : "localhost";
            configuration["URLS"] =
                port.Length > 0 ? $"http://{host}:{port}"
                : host == "+" ? "http://+:8080"
                : DefaultUrl;
        }

        builder
            .Services.AddOptions<ListeningSettings>()
            .Configure(settings => (settings.Port, settings.Urls) = (port, configuration["URLS"]!))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ListeningSettings>, ListeningSettings>();
    }
}
