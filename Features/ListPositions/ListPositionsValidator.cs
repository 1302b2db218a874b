using FluentValidation;

namespace MarketsApi.Features.ListPositions;

internal sealed class ListPositionsValidator : AbstractValidator<ListPositionsRequest>
{
    public ListPositionsValidator() =>
        RuleFor(request => request.Limit).InclusiveBetween(1, 100).WithMessage("limit must be from 1 to 100.");
}
