namespace MarketsApi.Features.Shared.Markets;

/// <summary>The rules of a market's fields, which creating, replacing, patching and importing share.</summary>
internal static class MarketFieldRules
{
    /// <summary>The shortest name, in Unicode code points.</summary>
    public const int MinName = 3;

    /// <summary>The longest name, in Unicode code points.</summary>
    public const int MaxName = 300;

    /// <summary>The longest description, in Unicode code points.</summary>
    public const int MaxDescription = 5_000;

    /// <summary>What a category looks like.</summary>
    public const string CategoryPattern = "^[a-z0-9-]{1,50}$";

    /// <summary>A name: 3 to 300 characters on one line.</summary>
    public static IRuleBuilderOptions<T, string?> MarketName<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Line(MinName, MaxName);

    /// <summary>A description: up to 5,000 characters, over lines.</summary>
    public static IRuleBuilderOptions<T, string?> MarketDescription<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Lines(MaxDescription);

    /// <summary>A category: 1 to 50 of lower-case letters, digits and hyphens.</summary>
    public static IRuleBuilderOptions<T, string?> MarketCategory<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Pattern(CategoryPattern, "1 to 50 of lower-case letters, digits and hyphens");
}
