using System.Text;
using Microsoft.Net.Http.Headers;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Reads the header Content-Length as digits only, so that Kestrel rejects any other.</summary>
/// <remarks>
/// Kestrel itself also reads <c>+56</c> as 56. A length is digits (RFC 9110 section 8.6), and a proxy in front that reads another one
/// would see another request begin in the body.
/// </remarks>
internal sealed class ContentLengthEncoding : Encoding
{
    private static readonly ContentLengthEncoding Instance = new();

    /// <summary>The encoding to read a header of this name with.</summary>
    /// <remarks>
    /// Bytes beyond ASCII are opaque in a header (RFC 9110 section 5.5). Kestrel takes them for UTF-8 and drops requests in which they aren't,
    /// before anyone can ignore a strange header, compare a tag that has them, or say what is wrong.
    /// </remarks>
    public static Encoding OrOpaque(string header) => header == HeaderNames.ContentLength ? Instance : Latin1;

    /// <remarks>A length that is too long for the destination is too large for any number that the server knows, too; it rejects what fills the destination.</remarks>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        var length = Math.Min(bytes.Length, chars.Length);
        for (var i = 0; i < length; i++)
        {
            chars[i] = char.IsAsciiDigit((char)bytes[i]) ? (char)bytes[i] : '?';
        }

        return length;
    }

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => byteCount;

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => count;

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        ASCII.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => charCount;
}
