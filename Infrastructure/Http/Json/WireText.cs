using System.Globalization;
using System.Text.Json;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>From our spelling of a member to the caller's.</summary>
internal static class FieldName
{
    /// <summary><c>InitialPosition.Stake</c> becomes <c>initialPosition.stake</c>.</summary>
    public static string Of(string propertyPath) =>
        propertyPath.Contains('.', StringComparison.Ordinal)
            ? string.Join('.', propertyPath.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName))
            : JsonNamingPolicy.CamelCase.ConvertName(propertyPath);
}

/// <summary>Numbers as the wire writes them, whatever the machine's locale.</summary>
internal static class InvariantText
{
    public static string ToInvariant<T>(this T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>UUIDs as callers write them.</summary>
internal static class Uuid
{
    /// <summary>Whether it is the canonical form of RFC 9562 section 4, in either case.</summary>
    /// <remarks>.NET's own parser also takes blanks around it and <c>+</c> or <c>0x</c> in it.</remarks>
    public static bool IsValid(string? text) =>
        text?.Length == 36
        && text.All(letter => char.IsAsciiHexDigit(letter) || letter == '-')
        && Guid.TryParseExact(text, "D", out _);
}
