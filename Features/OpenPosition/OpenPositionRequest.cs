using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.OpenPosition;

/// <summary>A position to open.</summary>
public sealed record OpenPositionRequest
{
    /// <summary>The outcome to stake on.</summary>
    [AllowedValues(typeof(MarketOutcome))]
    public string? Outcome { get; init; }

    /// <summary>The amount to stake: 0.01 to 1,000,000, with at most two decimals.</summary>
    /// <example>250</example>
    public decimal? Stake { get; init; }
}
