using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>How JSON is read and written on the wire: strictly in, plainly out.</summary>
public static class JsonSettings
{
    /// <summary>The options of every request and response body.</summary>
    public static readonly JsonSerializerOptions Wire = Create();

    /// <summary>Makes the framework's own binding and results use the same rules.</summary>
    internal static void AddJson(this WebApplicationBuilder builder) =>
        builder.Services.ConfigureHttpJsonOptions(options => Apply(options.SerializerOptions));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        Apply(options);
        options.MakeReadOnly();
        return options;
    }

    private static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 32;
        // Accents and quotes stay as they are: the response is JSON in UTF-8, never embedded in HTML.
        options.Encoder = new Utf8JsonEncoder();
        options.Converters.Add(new Rfc3339JsonConverter());
        options.Converters.Add(new DecimalJsonConverter());
    }
}

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
