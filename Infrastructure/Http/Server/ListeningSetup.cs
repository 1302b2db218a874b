using System.Globalization;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Where the program listens.</summary>
internal static class ListeningSetup
{
    /// <summary>The address when no setting names one: this machine only.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    /// <summary>The framework's own names for ports on all interfaces, and their schemes.</summary>
    private static readonly (string Name, string Scheme)[] PortLists =
    [
        ("HTTP_PORTS", "http"),
        ("HTTPS_PORTS", "https"),
    ];

    /// <summary>ASPNETCORE_URLS wins, then PORT, then the framework's lists of ports, then the default. In a container PORT is for all interfaces, since nothing else would reach it.</summary>
    public static void AddListening(this WebApplicationBuilder builder)
    {
        var read = Read(builder.Configuration);
        builder.Configuration["URLS"] = read.Urls;
        foreach (var (name, _) in PortLists)
        {
            // The framework would warn that the addresses override them.
            builder.Configuration[name] = "";
        }

        builder
            .Services.AddOptions<ListeningSettings>()
            .Configure(settings =>
                (settings.Port, settings.WrongPort, settings.Urls) = (
                    read.Port,
                    read.WrongPort,
                    builder.Configuration["URLS"]!
                )
            )
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
        var ports = port.Length > 0 ? [] : PortLists.SelectMany(list => PortsOf(configuration, list)).ToList();
        var host = configuration["DOTNET_RUNNING_IN_CONTAINER"] == "true" ? "+" : "localhost";
        return new ListeningSettings
        {
            Port = port,
            WrongPort = ports.Find(one => !ListeningSettings.IsPort(one.Port)),
            Urls =
                port.Length > 0 ? $"http://{host}:{port}"
                : ports.Count > 0 ? string.Join(';', ports.Select(one => $"{one.Scheme}://+:{one.Port}"))
                : host == "+" ? "http://+:8080"
                : DefaultUrl,
        };
    }

    private static IEnumerable<ListedPort> PortsOf(IConfiguration configuration, (string Name, string Scheme) list) =>
        (configuration[list.Name] ?? "")
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(port => new ListedPort("ASPNETCORE_" + list.Name, list.Scheme, port));
}

/// <summary>A port of a list, as it was given.</summary>
/// <param name="List">The list's variable.</param>
/// <param name="Scheme">What is spoken there.</param>
/// <param name="Port">The port.</param>
internal sealed record ListedPort(string List, string Scheme, string Port);

/// <summary>Where the program listens; PORT and ASPNETCORE_URLS have no section of their own.</summary>
internal sealed class ListeningSettings : IValidateOptions<ListeningSettings>
{
    /// <summary>PORT, as it was given.</summary>
    public string? Port { get; set; }

    /// <summary>The first entry of the framework's lists of ports that isn't a port.</summary>
    public ListedPort? WrongPort { get; set; }

    /// <summary>The addresses, separated by semicolons.</summary>
    public string Urls { get; set; } = "";

    public ValidateOptionsResult Validate(string? name, ListeningSettings options)
    {
        if (!string.IsNullOrEmpty(options.Port) && !IsPort(options.Port))
        {
            return ValidateOptionsResult.Fail($"PORT must be a number from 1 to 65535; it is '{options.Port}'.");
        }

        if (options.WrongPort is { } port)
        {
            return ValidateOptionsResult.Fail(
                $"{port.List} must list numbers from 1 to 65535, separated by semicolons; '{port.Port}' isn't one."
            );
        }

        var wrong = options
            .Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(url => !IsAddress(url));
        return wrong is null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"ASPNETCORE_URLS must list addresses such as http://localhost:8080; '{wrong}' is not a valid address."
            );
    }

    public static bool IsPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65_535;

    private static bool IsAddress(string text)
    {
        try
        {
            return BindingAddress.Parse(text) is { Scheme: "http" or "https", Port: >= 0 and <= 65_535, PathBase: "" };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
