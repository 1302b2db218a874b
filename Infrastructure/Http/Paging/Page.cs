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

/// <summary>Where a page stands in its list.</summary>
public sealed record PageMeta
{
    /// <summary>The most items that a page of this request holds.</summary>
    /// <example>20</example>
    public required int Limit { get; init; }

    /// <summary>How many items were skipped; absent on a page reached by cursor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Offset { get; init; }

    /// <summary>Whether another page follows.</summary>
    /// <example>true</example>
    public required bool HasMore { get; init; }

    /// <summary>What to send as <c>cursor</c> to get the next page; null on the last one.</summary>
    /// <example>8Jq3bW1Zr0cBk7L0fBx6O51ST26KHCs9MTI1MC41MA</example>
    public required string? NextCursor { get; init; }

    /// <summary>How many items the whole list has; only when asked for with <c>count=true</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Total { get; init; }
}
