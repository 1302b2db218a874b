using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Which web pages of other origins may call the API from a browser.</summary>
internal sealed class CorsSettings : ISettings
{
    public static string Section => "Cors";

    /// <summary>The origins, comma separated (<c>https://app.example.org</c>), or <c>*</c>; none by default.</summary>
    public string? Origins { get; set; }

    public IReadOnlyList<string> List =>
        Origins?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public IEnumerable<string> Faults(IHostEnvironment environment) =>
        List.Where(origin => origin != "*" && !IsOrigin(origin))
            .Select(origin =>
                $"Cors:Origins must list origins such as https://app.example.org, or be *; '{origin}' is none."
            );

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && text == uri.GetLeftPart(UriPartial.Authority);
}
