using System.ComponentModel;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.OpenApi;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Features.ListMarkets;

/// <summary>Which markets, in which order, and which part of them.</summary>
public sealed record ListMarketsRequest
{
    /// <summary>The most ids that can be asked for at once.</summary>
    public const int MaxIds = 100;

    /// <summary>Only markets with this status. Drafts are listed only with <c>status=draft</c>: the caller's own, or all of them for moderators and admins.</summary>
    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    /// <summary>Only markets with this category.</summary>
    [FromQuery(Name = "category")]
    public string? Category { get; init; }

    /// <summary>Only markets that this user created.</summary>
    [FromQuery(Name = "creatorId")]
    public Guid? CreatorId { get; init; }

    /// <summary>Only these markets: up to 100 ids, separated by commas. Ids that aren't found are left out.</summary>
    [UuidList(MaxIds)]
    [FromQuery(Name = "ids")]
    public string? Ids { get; init; }

    /// <summary>Only markets with at least this volume.</summary>
    [FromQuery(Name = "minVolume")]
    public decimal? MinVolume { get; init; }

    /// <summary>Only markets with at most this volume.</summary>
    [FromQuery(Name = "maxVolume")]
    public decimal? MaxVolume { get; init; }

    /// <summary>Only markets that end at this time or later. RFC 3339 with a time zone.</summary>
    [FromQuery(Name = "endsAfter")]
    public QueryTime? EndsAfter { get; init; }

    /// <summary>Only markets that end before this time. RFC 3339 with a time zone.</summary>
    [FromQuery(Name = "endsBefore")]
    public QueryTime? EndsBefore { get; init; }

    /// <summary>The property to sort by. Names are compared in the ICU root collation, ignoring case.</summary>
    [DefaultValue("createdAt")]
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    /// <summary>The sort direction. Default: desc for volume and createdAt, asc for endsAt and name. Open-ended markets come last in both directions when sorted by endsAt.</summary>
    [FromQuery(Name = "order")]
    public string? Order { get; init; }

    /// <summary>The maximum number of items to return.</summary>
    [DefaultValue(PageLimits.Default)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>The number of items to skip. Not together with cursor. Default: 0.</summary>
    [FromQuery(Name = "offset")]
    public int? Offset { get; init; }

    /// <summary>The nextCursor of the previous page, with the same filters and order. Not together with offset.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>Whether to also return the number of items in the whole list.</summary>
    [DefaultValue(false)]
    [FromQuery(Name = "count")]
    public bool? Count { get; init; }

    /// <summary>Whether a range bounds what the list isn't sorted by.</summary>
    internal bool HasRangeBesideOrder =>
        ((MinVolume ?? MaxVolume) is not null && Sort != "volume") || (HasRangeOfEnds && Sort != "endsAt");

    private bool HasRangeOfEnds => EndsAfter is not null || EndsBefore is not null;
}

internal sealed class ListMarketsValidator : AbstractValidator<ListMarketsRequest>
{
    /// <summary>The most that a volume can be: numeric(18, 2).</summary>
    private const decimal MaxAmount = 9_999_999_999_999_999.99m;

    private const string Amount = "from 0 to 9,999,999,999,999,999.99, with at most two decimals";

    public ListMarketsValidator()
    {
        RuleFor(request => request.Status).OneOf(MarketStatus.All);
        RuleFor(request => request.Category).MarketCategory();
        RuleFor(request => request.Ids)
            .Must(
                (request, ids) =>
                    ids is null || ListMarketsQuery.IdsOf(request) is { Length: <= ListMarketsRequest.MaxIds }
            )
            .WithErrorCode("InvalidIds")
            .WithMessage($"ids must be up to {ListMarketsRequest.MaxIds} UUIDs, comma separated.");
        RuleFor(request => request.MinVolume)
            .InclusiveBetween(0, MaxAmount)
            .WithErrorCode("InvalidAmount")
            .WithMessage($"minVolume must be {Amount}.")
            .Must(IsAmount)
            .WithErrorCode("InvalidAmount")
            .WithMessage($"minVolume must be {Amount}.")
            .Must((request, minimum) => !(minimum > request.MaxVolume))
            .WithErrorCode("InvertedRange")
            .WithMessage("minVolume must not be greater than maxVolume.");
        RuleFor(request => request.MaxVolume)
            .InclusiveBetween(0, MaxAmount)
            .WithErrorCode("InvalidAmount")
            .WithMessage($"maxVolume must be {Amount}.")
            .Must(IsAmount)
            .WithErrorCode("InvalidAmount")
            .WithMessage($"maxVolume must be {Amount}.");
        RuleFor(request => request.EndsAfter)
            .Must((request, after) => !(after?.Utc > request.EndsBefore?.Utc))
            .WithErrorCode("InvertedRange")
            .WithMessage("endsAfter must not be later than endsBefore.");
        RuleFor(request => request.Sort).OneOf(ListMarketsOrder.Sorts);
        RuleFor(request => request.Order).OneOf(ListMarketsOrder.Directions);
        RuleFor(request => request.Limit).PageLimit();
        RuleFor(request => request.Offset)
            .InclusiveBetween(0, PageLimits.MaxOffset)
            .WithMessage("offset must be from 0 to 10,000; use cursor to go deeper.");
        RuleFor(request => request.Cursor)
            .Must((request, cursor) => cursor is null || request.Offset is null)
            .WithErrorCode("CursorWithOffset")
            .WithMessage("Send either cursor or offset, not both.");
    }

    /// <summary>Whether a market could have this volume.</summary>
    public static bool IsAmount(decimal? value) => value is null || IsAmount(value.Value);

    /// <summary>Whether a market could have this volume.</summary>
    public static bool IsAmount(decimal value) => value is >= 0 and <= MaxAmount && decimal.Round(value, 2) == value;
}
