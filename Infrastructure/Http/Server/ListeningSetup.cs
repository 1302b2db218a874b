using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Where the program listens.</summary>
internal static class ListeningSetup
{
    /// <summary>The address when no setting names one: this machine only.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    /// <summary>ASPNETCORE_URLS wins, then PORT, then the default. In a container PORT is for all interfaces, since nothing else would reach it.</summary>
    public static void AddListening(this WebApplicationBuilder builder)
    {
        var read = Read(builder.Configuration);
        builder.Configuration["URLS"] = read.Urls;
        builder
            .Services.AddOptions<ListeningSettings>()
            .Configure(settings => (settings.Port, settings.Urls) = (read.Port, builder.Configuration["URLS"]!))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ListeningSettings>, ListeningSettings>();
    }

    /// <summary>What a configuration says about it.</summary>
    public static ListeningSettings Read(IConfiguration configuration)
    {
        if (configuration["URLS"] is { Length: > 0 } urls)
        {
            return new ListeningSettings { Port = "", Urls = urls };
        }

        var port = configuration["PORT"] ?? "";
        var host = configuration["DOTNET_RUNNING_IN_CONTAINER"] == "true" ? "+" : "localhost";
        return new ListeningSettings
        {
            Port = port,
            Urls =
                port.Length > 0 ? $"http://{host}:{port}"
                : host == "+" ? "http://+:8080"
                : DefaultUrl,
        };
    }
}
