using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.CreateMarket;

/// <summary>A position to open with the market, by its creator.</summary>
public sealed record CreateMarketPosition
{
    /// <summary>The outcome to stake on.</summary>
    [AllowedValues(typeof(MarketOutcome))]
    public string? Outcome { get; init; }

    /// <summary>What to stake: 0.01 to 1,000,000, with at most two decimals.</summary>
    /// <example>250</example>
    public decimal? Stake { get; init; }
}
