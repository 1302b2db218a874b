using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Http;

/// <summary>The body of a successful response without paging.</summary>
/// <param name="Data">The result of the request.</param>
public sealed record Envelope<T>(T Data)
    where T : notnull
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}
