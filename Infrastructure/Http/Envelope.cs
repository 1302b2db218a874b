using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Http;

/// <summary>The body of a successful response with one item.</summary>
/// <param name="Data">The requested or created resource.</param>
public sealed record Envelope<T>(T Data)
    where T : notnull
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}
