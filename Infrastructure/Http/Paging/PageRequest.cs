using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Infrastructure.Http.Paging;

/// <summary>Which part of a list that has nothing else to choose.</summary>
public sealed record PageRequest
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

    /// <summary>The most items that the page holds.</summary>
    internal int Size => Limit ?? DefaultLimit;
}
