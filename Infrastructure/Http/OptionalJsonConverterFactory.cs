using System.Text.Json;
using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Http;

/// <summary>Reads an <see cref="Optional{T}"/>: whatever is read is present; what is absent is never read.</summary>
internal sealed class OptionalJsonConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var type = typeToConvert.GetGenericArguments()[0];
        return (JsonConverter)
            Activator.CreateInstance(typeof(Converter<>).MakeGenericType(type), options.GetConverter(type))!;
    }

    /// <remarks>It calls the value's converter itself: a nested call of the serializer would start a path of its own, and a fault would be reported at "$".</remarks>
    private sealed class Converter<T>(JsonConverter<T> inner) : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => new(reader.TokenType == JsonTokenType.Null ? default! : inner.Read(ref reader, typeof(T), options)!);

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
