namespace MarketsApi.Infrastructure.Validation;

/// <summary>Rules that FluentValidation doesn't bring and more than one slice needs.</summary>
internal static class RuleExtensions
{
    /// <summary>Present and not null.</summary>
    public static IRuleBuilderOptions<T, TProperty> Required<T, TProperty>(this IRuleBuilder<T, TProperty> rule) =>
        rule.NotNull().WithErrorCode("Required").WithMessage((_, _) => "This value is required.");

    /// <summary>One line of text, measured in Unicode code points of its stored form; null passes.</summary>
    public static IRuleBuilderOptions<T, string?> Line<T>(
        this IRuleBuilder<T, string?> rule,
        int minimum,
        int maximum
    ) => rule.SetValidator(new TextValidator<T>(minimum, maximum, overLines: false));

    /// <summary>Text with line breaks and tabs, measured in Unicode code points of its stored form; null passes.</summary>
    public static IRuleBuilderOptions<T, string?> Lines<T>(this IRuleBuilder<T, string?> rule, int maximum) =>
        rule.SetValidator(new TextValidator<T>(0, maximum, overLines: true));

    /// <summary>One of these words, case-sensitive; null passes.</summary>
    public static IRuleBuilderOptions<T, string?> OneOf<T>(
        this IRuleBuilder<T, string?> rule,
        IReadOnlyList<string> words
    ) => rule.SetValidator(new OneOfValidator<T>(words));

    /// <summary>Of this form as a whole; null passes.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="pattern">The pattern, in the form that JSON schemas have it.</param>
    /// <param name="expected">What it says, behind "must be".</param>
    public static IRuleBuilderOptions<T, string?> Pattern<T>(
        this IRuleBuilder<T, string?> rule,
        string pattern,
        string expected
    ) => rule.SetValidator(new PatternValidator<T>(pattern, expected));

    /// <summary>There, though it may be null.</summary>
    public static IRuleBuilderOptions<T, Optional<TProperty>> RequiredMember<T, TProperty>(
        this IRuleBuilder<T, Optional<TProperty>> rule
    ) => rule.Must(member => member.IsPresent).WithErrorCode("Required").WithMessage("This value is required.");
}
