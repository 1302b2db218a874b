using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.CreateMarket;

internal sealed class CreateMarketValidator : AbstractValidator<CreateMarketRequest>
{
    public CreateMarketValidator(TimeProvider clock)
    {
        RuleFor(request => request.Name).Required().MarketName();
        RuleFor(request => request.EndsAt)
            .Required()
            .Must(endsAt => endsAt > clock.GetUtcNow().UtcDateTime)
            .WithErrorCode("Future")
            .WithMessage("endsAt must be in the future.")
            .WithState(_ => new DependsOnTime());
        RuleFor(request => request.Description).MarketDescription();
        RuleFor(request => request.Category).MarketCategory();
        RuleFor(request => request.Status).OneOf(MarketStatus.Initial);
        RuleFor(request => request.InitialPosition)
            .Must((request, position) => position is null || request.Status != MarketStatus.Draft)
            .WithErrorCode("Draft")
            .WithMessage("A draft takes no positions.")
            .SetValidator(new CreateMarketPositionValidator()!);
    }
}
