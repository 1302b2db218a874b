using System.Text.RegularExpressions;
using FluentValidation.Validators;

namespace MarketsApi.Infrastructure.Validation;

/// <summary>What the OpenAPI document shows of a <see cref="OneOfValidator{T}"/>.</summary>
internal interface IOneOfValidator
{
    /// <summary>The words that pass.</summary>
    IReadOnlyList<string> Words { get; }
}

/// <summary>One of a few words, case-sensitive; null passes.</summary>
internal sealed class OneOfValidator<T>(IReadOnlyList<string> words) : PropertyValidator<T, string?>, IOneOfValidator
{
    public IReadOnlyList<string> Words => words;

    public override string Name => "OneOf";

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        context.MessageFormatter.AppendArgument("Field", FieldName.Of(context.PropertyPath));
        context.MessageFormatter.AppendArgument("Words", string.Join(", ", words));
        return value is null || words.Contains(value, StringComparer.Ordinal);
    }

    protected override string GetDefaultMessageTemplate(string errorCode) => "{Field} must be one of: {Words}.";
}

/// <summary>A text that a pattern matches as a whole; null passes.</summary>
/// <param name="pattern">The pattern, in the form that JSON schemas have it.</param>
/// <param name="expected">What it says, behind "must be".</param>
/// <remarks>FluentValidation's own also passes a line break at the end, which <c>$</c> of .NET allows and that of JSON schemas doesn't.</remarks>
internal sealed class PatternValidator<T>(string pattern, string expected)
    : PropertyValidator<T, string?>,
        IRegularExpressionValidator
{
    /// <summary>Made when it is first needed: that takes a fiftieth of a start, as nothing of this kind of regex is compiled ahead.</summary>
    private readonly Lazy<Regex> _regex = new(() =>
        new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)
    );

    public string Expression => pattern;

    public override string Name => "Pattern";

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        context.MessageFormatter.AppendArgument("Field", FieldName.Of(context.PropertyPath));
        return value is null || _regex.Value.Match(value) is { Success: true } match && match.Length == value.Length;
    }

    protected override string GetDefaultMessageTemplate(string errorCode) => $"{{Field}} must be {expected}.";
}
