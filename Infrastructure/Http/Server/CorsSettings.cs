using System.ComponentModel.DataAnnotations;
using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Which web pages of other origins may call the API from a browser.</summary>
internal sealed class CorsSettings : IValidatableObject
{
    public const string Section = "Cors";

    /// <summary>The origins (<c>https://app.example.org</c>), or <c>*</c>; none by default.</summary>
    public SettingList Origins { get; set; } = [];

    /// <summary>Whether responses differ by the origin of the page that asks.</summary>
    public bool VariesByOrigin => Origins is { Count: > 0 } && !Origins.Contains("*");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Origins
            .Where(origin => origin != "*" && !IsOrigin(origin))
            .Select(origin => new ValidationResult(
                $"Cors:Origins must list origins such as https://app.example.org, or be *; {SettingsProblems.Quote(origin)} is not a valid origin."
            ));

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && text == uri.GetLeftPart(UriPartial.Authority);
}
