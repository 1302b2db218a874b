using System.Globalization;
using System.Text.Json;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>What is wrong with JSON that could not be read, told from the serializer's exception.</summary>
/// <param name="Path">Where: <c>$</c> for the whole, <c>$.endsAt</c> for a member.</param>
/// <param name="Code">One of the constants here.</param>
internal sealed record JsonError(string Path, string Code)
{
    /// <summary>A member that the type doesn't have.</summary>
    public const string UnknownMember = nameof(UnknownMember);

    /// <summary>A member that is there twice.</summary>
    public const string DuplicateMember = nameof(DuplicateMember);

    /// <summary>A value of another type than the member's.</summary>
    public const string InvalidType = nameof(InvalidType);

    /// <summary>A value of the right type but the wrong form; the exception's message is written for the caller.</summary>
    public const string InvalidValue = nameof(InvalidValue);

    /// <summary>A text that is not Unicode: bytes that are not UTF-8, or the escape of half a surrogate pair.</summary>
    public const string InvalidText = nameof(InvalidText);

    /// <summary>Not JSON at all.</summary>
    public const string InvalidJson = nameof(InvalidJson);

    private const string BeforeName = "The JSON property '";
    private const string BehindName = "' could not be mapped";

    /// <remarks>The serializer's errors differ only in their messages.</remarks>
    public static JsonError Of(JsonException exception)
    {
        var path = string.IsNullOrEmpty(exception.Path) ? "$" : exception.Path;
        return exception.Message switch
        {
            var text
                when text.StartsWith(BeforeName, StringComparison.Ordinal)
                    && text.LastIndexOf(BehindName, StringComparison.Ordinal) is > 0 and var end => new(
                WithEscapedEnd(path, text[BeforeName.Length..end]),
                UnknownMember
            ),
            var text when text.StartsWith("Duplicate", StringComparison.Ordinal) => new(path, DuplicateMember),
            _ when IsBrokenText(exception.InnerException) => new(path, InvalidText),
            var text when text.StartsWith("The JSON value", StringComparison.Ordinal) => new(path, InvalidType),
            _ when exception is InvalidMemberException => new(path, InvalidValue),
            _ => new(path, InvalidJson),
        };
    }

    /// <summary>The path with its last name, the only one that isn't ours, as RFC 9535 writes it; the serializer escapes nothing.</summary>
    private static string WithEscapedEnd(string path, string name)
    {
        var end = Array.Find([$"['{name}']", $".{name}"], form => path.EndsWith(form, StringComparison.Ordinal));
        if (end is null)
        {
            return path;
        }

        var parent = path[..^end.Length];
        return name.All(IsPlain) ? $"{parent}.{name}" : $"{parent}['{string.Concat(name.Select(Escaped))}']";
    }

    private static bool IsPlain(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '$';

    private static string Escaped(char letter) =>
        letter is '\'' or '\\' ? "\\" + letter
        : char.GetUnicodeCategory(letter)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            ? $"\\u{(int)letter:x4}"
        : letter.ToString();

    private static bool IsBrokenText(Exception? exception) =>
        exception is InvalidOperationException { Message: var text }
        && (
            text.StartsWith("Cannot transcode invalid UTF-8", StringComparison.Ordinal)
            || text.StartsWith("Cannot read in", StringComparison.Ordinal)
        );
}

/// <summary>A member whose value has the right type and the wrong form; its message is written for the caller.</summary>
internal sealed class InvalidMemberException(string message) : JsonException(message);
