using System.Globalization;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Where the program listens; PORT and ASPNETCORE_URLS have no section of their own.</summary>
internal sealed class ListeningSettings : IValidateOptions<ListeningSettings>
{
    /// <summary>PORT, as it was given.</summary>
    public string? Port { get; set; }

    /// <summary>The addresses, separated by semicolons.</summary>
    public string Urls { get; set; } = "";

    public ValidateOptionsResult Validate(string? name, ListeningSettings options)
    {
        if (!string.IsNullOrEmpty(options.Port) && !IsPort(options.Port))
        {
            return ValidateOptionsResult.Fail($"PORT must be a number from 1 to 65535; it is '{options.Port}'.");
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

    private static bool IsPort(string text) =>
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
