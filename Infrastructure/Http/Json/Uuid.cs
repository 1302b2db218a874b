namespace MarketsApi.Infrastructure.Http.Json;

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
