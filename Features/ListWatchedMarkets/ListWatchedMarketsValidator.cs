using FluentValidation;

namespace MarketsApi.Features.ListWatchedMarkets;

internal sealed class ListWatchedMarketsValidator : AbstractValidator<ListWatchedMarketsRequest>
{
    public ListWatchedMarketsValidator() =>
        RuleFor(request => request.Limit).InclusiveBetween(1, 100).WithMessage("limit must be from 1 to 100.");
}
