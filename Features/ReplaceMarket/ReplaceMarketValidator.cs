using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ReplaceMarket;

internal sealed class ReplaceMarketValidator : AbstractValidator<ReplaceMarketRequest>
{
    public ReplaceMarketValidator()
    {
        RuleFor(request => request.Name).Required().MarketName();
        RuleFor(request => request.EndsAt).RequiredMember();
        RuleFor(request => request.Status).Required().OneOf(MarketStatus.All);
        RuleFor(request => request.Description).MarketDescription();
        RuleFor(request => request.Category).MarketCategory();
        RuleFor(request => request.Outcome).OneOf(MarketOutcome.All);
    }
}
