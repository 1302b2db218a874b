using System.Globalization;

namespace MarketsApi.Infrastructure.Http.StrictRequests;

/// <summary>The types that a query parameter can have: how its text must look and what to say when it doesn't.</summary>
/// <remarks>Each rule is at most as wide as the framework's own parser, so that what passes here also binds.</remarks>
internal static class ParameterTypes
{
    private static readonly Dictionary<Type, (Func<string, bool> IsValid, string Code, string Expected)> Kinds = new()
    {
        [typeof(string)] = (_ => true, "", ""),
        [typeof(int)] = (IsInteger, "InvalidInteger", "must be a whole number"),
        [typeof(decimal)] = (IsDecimal, "InvalidNumber", "must be a number, such as 12.50"),
        [typeof(bool)] = (text => text is "true" or "false", "InvalidBoolean", "must be true or false"),
        [typeof(Guid)] = (IsUuid, "InvalidUuid", "must be a UUID"),
        [typeof(DateTime)] = (IsTime, "InvalidTime", Rfc3339.Expected),
    };

    private const int MaxDecimalLength = 28;

    public static bool IsKnown(Type type) => Kinds.ContainsKey(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>Null when the text can be bound to the type.</summary>
    public static (string Code, string Expected)? Fault(Type type, string text)
    {
        var (isValid, code, expected) = Kinds[Nullable.GetUnderlyingType(type) ?? type];
        return isValid(text) ? null : (code, expected);
    }

    /// <summary>The canonical form of RFC 9562 section 4, in either case.</summary>
    /// <remarks>.NET's own parser also takes blanks around it and <c>+</c> or <c>0x</c> in it.</remarks>
    public static bool IsUuid(string? text) =>
        text?.Length == 36
        && text.All(letter => char.IsAsciiHexDigit(letter) || letter == '-')
        && Guid.TryParseExact(text, "D", out _);

    /// <remarks>.NET's own parser also takes NULs at the end.</remarks>
    private static bool IsInteger(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        && char.IsAsciiDigit(text[^1]);

    /// <remarks>.NET's own parser rounds what has more digits than a decimal keeps; a longer text is refused instead.</remarks>
    private static bool IsDecimal(string text) =>
        text.Length <= MaxDecimalLength
        && decimal.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out _
        )
        && char.IsAsciiDigit(text[^1])
        && text.AsSpan().TrimStart("+-") is [>= '0' and <= '9', ..];

    private static bool IsTime(string text) =>
        Rfc3339.TryParse(text, out _)
        && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out _);
}
