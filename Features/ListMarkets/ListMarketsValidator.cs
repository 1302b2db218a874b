using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ListMarkets;

internal sealed class ListMarketsValidator : AbstractValidator<ListMarketsRequest>
{
    /// <summary>The most that a volume can be: numeric(18, 2).</summary>
    private const decimal MaxAmount = 9_999_999_999_999_999.99m;

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
            .WithMessage("minVolume must be 0 or more, with at most two decimals.")
            .Must(IsAmount)
            .WithErrorCode("InvalidAmount")
            .WithMessage("minVolume must be 0 or more, with at most two decimals.")
            .Must((request, minimum) => !(minimum > request.MaxVolume))
            .WithErrorCode("InvertedRange")
            .WithMessage("minVolume must not be greater than maxVolume.");
        RuleFor(request => request.MaxVolume)
            .InclusiveBetween(0, MaxAmount)
            .WithErrorCode("InvalidAmount")
            .WithMessage("maxVolume must be 0 or more, with at most two decimals.")
            .Must(IsAmount)
            .WithErrorCode("InvalidAmount")
            .WithMessage("maxVolume must be 0 or more, with at most two decimals.");
        RuleFor(request => request.EndsAfter)
            .Must((request, after) => !(after > request.EndsBefore))
            .WithErrorCode("InvertedRange")
            .WithMessage("endsAfter must not be later than endsBefore.");
        RuleFor(request => request.Sort).OneOf(ListMarketsOrder.Sorts);
        RuleFor(request => request.Order).OneOf(ListMarketsOrder.Directions);
        RuleFor(request => request.Limit).InclusiveBetween(1, 100).WithMessage("limit must be from 1 to 100.");
        RuleFor(request => request.Offset)
            .InclusiveBetween(0, 10_000)
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
