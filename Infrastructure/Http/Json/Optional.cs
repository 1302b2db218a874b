using System.Text.Json;
using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>A member that may be absent, which a merge patch (RFC 7396) tells apart from null.</summary>
[JsonConverter(typeof(OptionalJsonConverterFactory))]
public readonly record struct Optional<T>
{
    /// <summary>A member that is present with this value.</summary>
    public Optional(T value)
    {
        IsPresent = true;
        Value = value;
    }

    /// <summary>Whether the caller sent the member at all.</summary>
    public bool IsPresent { get; }

    /// <summary>What the caller sent; the type's default when absent.</summary>
    public T? Value { get; }

    /// <summary>What the caller sent, or else <paramref name="current"/>.</summary>
    public T? Or(T? current) => IsPresent ? Value : current;
}

/// <summary>Reads an <see cref="Optional{T}"/>: whatever is read is present; what is absent is never read.</summary>
internal sealed class OptionalJsonConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)
            Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) =>
            // By the inner converter rather than the serializer, whose exceptions would say "$" for the member's path.
            new(
                reader.TokenType == JsonTokenType.Null && default(T) is null
                    ? default!
                    : ((JsonConverter<T>)options.GetConverter(typeof(T))).Read(ref reader, typeof(T), options)!
            );

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
