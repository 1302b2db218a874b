using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Http.Paging;

/// <summary>The body of a success that is part of a list.</summary>
/// <param name="Data">The items, in the order of the list.</param>
/// <param name="Meta">Where this page stands.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, PageMeta Meta)
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}
