using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.Shared.Positions;

/// <summary>The rules of a position's fields, with a market or by itself.</summary>
internal static class PositionRules
{
    /// <summary>The least that can be staked.</summary>
    public const decimal MinStake = 0.01m;

    /// <summary>The most that can be staked at once.</summary>
    public const decimal MaxStake = 1_000_000m;

    /// <summary>An outcome: yes or no.</summary>
    public static IRuleBuilderOptions<T, string?> PositionOutcome<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Required().OneOf(MarketOutcome.All);

    /// <summary>A stake: 0.01 to 1,000,000, with at most two decimals that aren't zero.</summary>
    public static IRuleBuilderOptions<T, decimal?> PositionStake<T>(this IRuleBuilder<T, decimal?> rule) =>
        rule.Required()
            .InclusiveBetween(MinStake, MaxStake)
            .WithErrorCode("InvalidAmount")
            .WithMessage("The stake must be from 0.01 to 1,000,000.")
            .Must(stake => stake is null || decimal.Round(stake.Value, 2) == stake)
            .WithErrorCode("InvalidAmount")
            .WithMessage("The stake must have at most two decimals.");

    /// <summary>A valid stake in its stored form: with two decimals.</summary>
    public static decimal StoredStake(decimal stake) => decimal.Round(stake, 2) + 0.00m;
}
