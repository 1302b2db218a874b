using System.Text.Encodings.Web;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>The framework's relaxed encoder, which also leaves characters beyond the Basic Multilingual Plane as UTF-8: an emoji takes 4 bytes instead of the 12 of two escapes.</summary>
/// <remarks>No ready encoder does, whatever ranges it is given. The pointers are those of the framework's abstract methods.</remarks>
internal sealed unsafe class Utf8JsonEncoder : JavaScriptEncoder
{
    private static readonly JavaScriptEncoder Relaxed = UnsafeRelaxedJsonEscaping;

    public override int MaxOutputCharactersPerInputCharacter => Relaxed.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar <= char.MaxValue && Relaxed.WillEncode(unicodeScalar);

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        for (var start = 0; start < textLength; start += 2)
        {
            var found = Relaxed.FindFirstCharacterToEncode(text + start, textLength - start);
            if (found < 0)
            {
                return -1;
            }

            start += found;
            if (start + 1 == textLength || !char.IsSurrogatePair(text[start], text[start + 1]))
            {
                return start;
            }
        }

        return -1;
    }

    public override bool TryEncodeUnicodeScalar(
        int unicodeScalar,
        char* buffer,
        int bufferLength,
        out int numberOfCharactersWritten
    ) => Relaxed.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
}
