using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.SearchMarkets;

internal sealed class SearchMarketsValidator : AbstractValidator<SearchMarketsRequest>
{
    private const int MaxText = 200;

    private static readonly IReadOnlyList<string> Statuses =
    [
        .. MarketStatus.All.Where(status => status != MarketStatus.Draft),
    ];

    public SearchMarketsValidator()
    {
        RuleFor(request => request.Q).Required().Line(1, MaxText);
        RuleFor(request => request.Limit).PageLimit(SearchMarketsRequest.MaxLimit);
        RuleFor(request => request.Status).OneOf(Statuses);
        RuleFor(request => request.Category).MarketCategory();
    }
}
