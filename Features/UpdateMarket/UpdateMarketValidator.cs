using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.UpdateMarket;

internal sealed class UpdateMarketValidator : AbstractValidator<UpdateMarketRequest>
{
    public UpdateMarketValidator()
    {
        RuleFor(request => request.Name.Value)
            .Required()
            .MarketName()
            .When(request => request.Name.IsPresent)
            .OverridePropertyName(request => request.Name);
        RuleFor(request => request.Status.Value)
            .Required()
            .OneOf(MarketStatus.All)
            .When(request => request.Status.IsPresent)
            .OverridePropertyName(request => request.Status);
        RuleFor(request => request.Description.Value)
            .MarketDescription()
            .OverridePropertyName(request => request.Description);
        RuleFor(request => request.Category.Value).MarketCategory().OverridePropertyName(request => request.Category);
        RuleFor(request => request.Outcome.Value)
            .OneOf(MarketOutcome.All)
            .OverridePropertyName(request => request.Outcome);
    }
}
