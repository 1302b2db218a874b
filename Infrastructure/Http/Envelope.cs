using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Http;

/// <summary>The body of a success that has one thing to say.</summary>
/// <param name="Data">What was asked for, or what was done.</param>
public sealed record Envelope<T>(T Data)
    where T : notnull
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}
