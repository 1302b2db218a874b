using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.OpenPosition;

/// <summary>What a position would do, if it were opened now.</summary>
public sealed record OpenPositionQuoteResponse
{
    /// <summary>The outcome to stake on.</summary>
    [AllowedValues(typeof(MarketOutcome))]
    public required string Outcome { get; init; }

    /// <summary>What would be at stake.</summary>
    /// <example>250.00</example>
    public required decimal Stake { get; init; }

    /// <summary>The market's probability of yes now; null while its pool is empty.</summary>
    /// <example>0.5600</example>
    [Ratio]
    public required decimal? ProbabilityBefore { get; init; }

    /// <summary>The market's probability of yes with the position.</summary>
    /// <example>0.6184</example>
    [Ratio]
    public required decimal ProbabilityAfter { get; init; }

    /// <summary>What the position would be paid if its outcome were right and nobody staked after it. Later stakes change it either way.</summary>
    /// <example>385.81</example>
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
