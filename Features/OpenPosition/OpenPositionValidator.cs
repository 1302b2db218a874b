using MarketsApi.Features.Shared.Positions;

namespace MarketsApi.Features.OpenPosition;

internal sealed class OpenPositionValidator : AbstractValidator<OpenPositionRequest>
{
    public OpenPositionValidator()
    {
        RuleFor(request => request.Outcome).PositionOutcome();
        RuleFor(request => request.Stake).PositionStake();
    }
}
