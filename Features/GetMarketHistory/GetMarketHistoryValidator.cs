using FluentValidation;

namespace MarketsApi.Features.GetMarketHistory;

internal sealed class GetMarketHistoryValidator : AbstractValidator<GetMarketHistoryRequest>
{
    public GetMarketHistoryValidator() =>
        RuleFor(request => request.Limit).InclusiveBetween(1, 100).WithMessage("limit must be from 1 to 100.");
}
