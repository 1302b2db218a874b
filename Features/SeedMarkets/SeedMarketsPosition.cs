namespace MarketsApi.Features.SeedMarkets;

/// <summary>A stake on a generated market.</summary>
/// <param name="Id">Follows from the market's number and the position's.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Outcome">One of <see cref="Shared.Markets.MarketOutcome"/>.</param>
/// <param name="Stake">From 1 to 1,000,000, in cents' precision.</param>
/// <param name="CreatedAt">While the market was open, before today.</param>
internal readonly record struct SeedMarketsPosition(
    Guid Id,
    Guid UserId,
    string Outcome,
    decimal Stake,
    DateTime CreatedAt
);
