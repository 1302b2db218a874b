using FluentValidation.Results;
using FluentValidation.Validators;

namespace MarketsApi.Infrastructure.Validation;

/// <summary>What the OpenAPI document shows of a <see cref="TextValidator{T}"/>.</summary>
internal interface ITextValidator
{
    /// <summary>The least number of code points.</summary>
    int Minimum { get; }

    /// <summary>The greatest number of code points.</summary>
    int Maximum { get; }
}

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
        if (value is not null && ErrorOf(value) is var (code, message))
        {
            context.AddFailure(
                new ValidationFailure(context.PropertyPath, $"{FieldName.Of(context.PropertyPath)} {message}")
                {
                    ErrorCode = code,
                }
            );
        }

        return true;
    }

    /// <remarks>Bounds the text before normalizing it, which can take the square of its length.</remarks>
    private (string Code, string Message)? ErrorOf(string value)
    {
        var length = PlainText.Length(value.Trim());
        if (length <= PlainText.MaxComposed * maximum)
        {
            if (!PlainText.IsAllowed(value, overLines))
            {
                return ("ForbiddenCharacter", "has a character that is not allowed, such as a control character.");
            }

            if (PlainText.HasTooManyMarks(value))
            {
                return ("CombiningMarks", $"has more than {PlainText.MaxMarks} combining marks in a row.");
            }

            length = PlainText.Length(PlainText.Stored(value));
        }

        var bounds = minimum > 0 ? $"{minimum} to {maximum}" : $"at most {maximum}";
        return length < minimum || length > maximum
            ? ("Length", $"must have {bounds} characters; it has {length}.")
            : null;
    }
}
