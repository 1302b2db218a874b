namespace MarketsApi.Features.SimilarMarkets;

internal sealed class SimilarMarketsValidator : AbstractValidator<SimilarMarketsRequest>
{
    public SimilarMarketsValidator() =>
        RuleFor(request => request.Limit).InclusiveBetween(1, 50).WithMessage("limit must be from 1 to 50.");
}
