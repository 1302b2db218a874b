namespace MarketsApi.Features.SimilarMarkets;

internal sealed class SimilarMarketsValidator : AbstractValidator<SimilarMarketsRequest>
{
    public SimilarMarketsValidator() => RuleFor(request => request.Limit).PageLimit(50);
}
