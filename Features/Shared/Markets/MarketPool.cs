using System.Text.Json.Serialization;

namespace MarketsApi.Features.Shared.Markets;

/// <summary>The stakes on each outcome of a market.</summary>
/// <param name="Yes">The stakes on yes.</param>
/// <param name="No">The stakes on no.</param>
/// <example>{"yes": 810.25, "no": 440.25}</example>
public readonly record struct MarketPool(decimal Yes, decimal No)
{
    private const int CentsOfOne = 100;

    /// <summary>All stakes.</summary>
    [JsonIgnore]
    public decimal Pot => Yes + No;

    /// <summary>The share of yes to four decimals, half to even; null for an empty pool.</summary>
    /// <remarks>
    /// Rounding the quotient is exact: it has 28 decimals, and one that isn't halfway between two results differs from halfway by more than
    /// 10^-23. The database's <c>pool_probability</c> says the same.
    /// </remarks>
    [JsonIgnore]
    public decimal? Probability => Pot == 0 ? null : decimal.Round(Yes / Pot, 4, MidpointRounding.ToEven) + 0.0000m;

    /// <summary>What is staked on this outcome.</summary>
    public decimal On(string outcome) => outcome == MarketOutcome.Yes ? Yes : No;

    /// <summary>The pool with one stake more.</summary>
    public MarketPool With(string outcome, decimal stake) =>
        outcome == MarketOutcome.Yes ? this with { Yes = Yes + stake } : this with { No = No + stake };

    /// <summary>What a position is paid when the market is settled, with null for cancelled. The database's <c>pool_payout</c> says the same.</summary>
    /// <param name="settledOn">How the market turned out.</param>
    /// <param name="outcome">What the position is on.</param>
    /// <param name="before">What was staked on the same outcome before it.</param>
    /// <param name="stake">Its stake.</param>
    public decimal Payout(string? settledOn, string outcome, decimal before, decimal stake)
    {
        if (settledOn is null || On(settledOn) == 0)
        {
            return stake;
        }

        if (settledOn != outcome)
        {
            return 0.00m;
        }

        // Two amounts of 10^18 cents have a product of 10^36, which a decimal can't hold.
        var (pot, won) = (Cents(Pot), Cents(On(settledOn)));
        return Amount((Cents(before + stake) * pot / won) - (Cents(before) * pot / won));
    }

    private static Int128 Cents(decimal amount) => (Int128)(amount * CentsOfOne);

    private static decimal Amount(Int128 cents) => ((decimal)cents / CentsOfOne) + 0.00m;
}
