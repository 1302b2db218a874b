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
