using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Features.Shared.Users;
using MarketsApi.Infrastructure.OpenApi;

[assembly: ApiTag("Positions", "Stakes on the outcome of a market.")]

namespace MarketsApi.Features.Shared.Positions;

/// <summary>A stake on one outcome of a market.</summary>
public record Position
{
    /// <summary>The position's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The market's id.</summary>
    public Guid MarketId { get; init; }

    /// <summary>The user who opened the position.</summary>
    public PublicUser User => new(UserId, UserDisplayName);

    /// <summary>The outcome that the stake is on.</summary>
    [AllowedValues(typeof(MarketOutcome))]
    public string Outcome { get; init; } = "";

    /// <summary>The amount at stake: 0.01 to 1,000,000, with two decimals.</summary>
    /// <example>250.00</example>
    public decimal Stake { get; init; }

    /// <summary>The market's probability of yes right after this position was opened.</summary>
    /// <example>0.6479</example>
    [Ratio]
    public decimal? Probability { get; init; }

    /// <summary>The amount that the position is paid. Null until the market is resolved or cancelled. The payouts of a market add up to its pool, to the cent.</summary>
    public decimal? Payout { get; init; }

    /// <summary>The payout minus the stake. Null until the market is resolved or cancelled.</summary>
    public decimal? Profit => Payout - Stake;

    /// <summary>When the position was opened, in UTC.</summary>
    /// <example>2026-11-22T08:15:30.123456Z</example>
    public DateTime CreatedAt { get; init; }

    /// <summary>The holder's id, as the database has it.</summary>
    [JsonIgnore]
    public Guid UserId { get; init; }

    /// <summary>The holder's name, as the database has it.</summary>
    [JsonIgnore]
    public string UserDisplayName { get; init; } = "";
}
