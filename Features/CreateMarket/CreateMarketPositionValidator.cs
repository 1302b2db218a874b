using MarketsApi.Features.Shared.Positions;

namespace MarketsApi.Features.CreateMarket;

internal sealed class CreateMarketPositionValidator : AbstractValidator<CreateMarketPosition>
{
    public CreateMarketPositionValidator()
    {
        RuleFor(position => position.Outcome).PositionOutcome();
        RuleFor(position => position.Stake).PositionStake();
    }
}
