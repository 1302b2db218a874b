using FluentValidation.Validators;

namespace MarketsApi.Infrastructure.Validation;

/// <summary>One of a few words, case-sensitive; null passes.</summary>
internal sealed class OneOfValidator<T>(IReadOnlyList<string> words) : PropertyValidator<T, string?>, IOneOfValidator
{
    public IReadOnlyList<string> Words => words;

    public override string Name => "OneOf";

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is null || words.Contains(value, StringComparer.Ordinal))
        {
            return true;
        }

        context.MessageFormatter.AppendArgument("Field", FieldName.Of(context.PropertyPath));
        context.MessageFormatter.AppendArgument("Words", string.Join(", ", words));
        return false;
    }

    protected override string GetDefaultMessageTemplate(string errorCode) => "{Field} must be one of: {Words}.";
}
