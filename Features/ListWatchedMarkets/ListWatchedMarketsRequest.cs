using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Features.ListWatchedMarkets;

/// <summary>Which part of the caller's watch list.</summary>
public sealed record ListWatchedMarketsRequest
{
    /// <summary>How many items a page holds when the caller doesn't say.</summary>
    public const int DefaultLimit = 20;

    /// <summary>The most items to answer with.</summary>
    [DefaultValue(DefaultLimit)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>The nextCursor of the page before.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }
}
