namespace MarketsApi.Infrastructure.Http.Paging;

internal sealed class PageValidator : AbstractValidator<PageRequest>
{
    public PageValidator() =>
        RuleFor(request => request.Limit).InclusiveBetween(1, 100).WithMessage("limit must be from 1 to 100.");
}
