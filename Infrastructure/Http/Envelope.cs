using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Http;

/// <summary>The body of a success that has one thing to say.</summary>
public sealed record Envelope<T>(T Data)
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}
