using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>A whole list's answer: its body, and its Link header.</summary>
/// <param name="Body">JSON in UTF-8.</param>
/// <param name="Link">The Link header; empty when there is no next page.</param>
internal sealed record CachedListResponse(ReadOnlyMemory<byte> Body, StringValues Link)
{
    /// <summary>When the database said so.</summary>
    public DateTimeOffset MadeAt { get; } = DateTimeOffset.UtcNow;
}
