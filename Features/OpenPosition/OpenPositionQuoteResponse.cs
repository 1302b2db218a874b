using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.OpenPosition;

/// <summary>The effect of a position if it were opened now.</summary>
public sealed record OpenPositionQuoteResponse
{
    /// <summary>The outcome to stake on.</summary>
    [AllowedValues(typeof(MarketOutcome))]
    public required string Outcome { get; init; }

    /// <summary>The amount that would be staked.</summary>
    /// <example>250.00</example>
    public required decimal Stake { get; init; }

    /// <summary>The market's probability of yes now; null while its pool is empty.</summary>
    /// <example>0.5600</example>
    [Ratio]
    public required decimal? ProbabilityBefore { get; init; }

    /// <summary>The market's probability of yes after the position.</summary>
    /// <example>0.6479</example>
    [Ratio]
    public required decimal ProbabilityAfter { get; init; }

    /// <summary>The payout if the outcome is right and no more stakes follow. Later stakes can raise or lower it.</summary>
    /// <example>385.84</example>
    public required decimal PayoutIfRight { get; init; }

    /// <summary>The quote for a stake on this pool.</summary>
    internal static OpenPositionQuoteResponse Of(MarketPool pool, string outcome, decimal stake)
    {
        var after = pool.With(outcome, stake);
        return new()
        {
            Outcome = outcome,
            Stake = stake,
            ProbabilityBefore = pool.Probability,
            ProbabilityAfter = after.Probability!.Value,
            PayoutIfRight = after.Payout(outcome, outcome, pool.On(outcome), stake),
        };
    }
}
