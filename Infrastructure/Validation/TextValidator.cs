using FluentValidation.Results;
using FluentValidation.Validators;

namespace MarketsApi.Infrastructure.Validation;

/// <summary>A text of some length, in Unicode code points of its stored form, without characters that can't be shown; null passes.</summary>
internal sealed class TextValidator<T>(int minimum, int maximum, bool overLines)
    : PropertyValidator<T, string?>,
        ITextValidator
{
    public int Minimum => minimum;

    public int Maximum => maximum;

    public override string Name => "Text";

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is null)
        {
            return true;
        }

        var field = FieldName.Of(context.PropertyPath);
        if (!PlainText.IsAllowed(value, overLines))
        {
            Fail(
                context,
                "ForbiddenCharacter",
                $"{field} has a character that is not allowed, such as a control character."
            );
            return true;
        }

        var length = PlainText.Length(PlainText.Stored(value));
        if (length < minimum || length > maximum)
        {
            var bounds = minimum > 0 ? $"{minimum} to {maximum}" : $"at most {maximum}";
            Fail(context, "Length", $"{field} must have {bounds} characters; it has {length}.");
        }

        return true;
    }

    private static void Fail(ValidationContext<T> context, string code, string message) =>
        context.AddFailure(new ValidationFailure(context.PropertyPath, message) { ErrorCode = code });
}
