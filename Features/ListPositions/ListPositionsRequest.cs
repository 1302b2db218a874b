using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Features.ListPositions;

/// <summary>Which positions of a market, and which part of them.</summary>
public sealed record ListPositionsRequest
{
    /// <summary>Only positions of this user.</summary>
    [FromQuery(Name = "userId")]
    public Guid? UserId { get; init; }

    /// <summary>The maximum number of items to return.</summary>
    [DefaultValue(PageLimits.Default)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>The nextCursor of the previous page, with the same filter.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }
}

internal sealed class ListPositionsValidator : AbstractValidator<ListPositionsRequest>
{
    public ListPositionsValidator() => RuleFor(request => request.Limit).PageLimit();
}
