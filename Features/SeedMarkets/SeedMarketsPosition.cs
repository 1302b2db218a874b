using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.SeedMarkets;

/// <summary>A stake on a generated market.</summary>
/// <param name="Id">Follows from the market's number and the position's.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Outcome">One of <see cref="MarketOutcome"/>.</param>
/// <param name="Stake">From 1 to 1,000,000, in cents' precision.</param>
/// <param name="CreatedAt">While the market was open, before today.</param>
/// <param name="Pool">The market's pool right after it.</param>
internal readonly record struct SeedMarketsPosition(
    Guid Id,
    Guid UserId,
    string Outcome,
    decimal Stake,
    DateTime CreatedAt,
    MarketPool Pool
)
{
    /// <summary>What was staked on the same outcome before it.</summary>
    public decimal StakesBefore => Pool.On(Outcome) - Stake;
}
