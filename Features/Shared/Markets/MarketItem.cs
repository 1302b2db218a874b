using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Users;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.Shared.Markets;

/// <summary>A market as lists show it: all but its description.</summary>
public record MarketItem
{
    /// <summary>The market's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The id that an imported market has at its source, as the imported file gave it; null for markets made here.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The question, 3 to 300 characters.</summary>
    /// <example>Will the Rhine freeze at Cologne before March 2027?</example>
    public string Name { get; init; } = "";

    /// <summary>The subject, in lower case; null for none.</summary>
    /// <example>climate</example>
    public string? Category { get; init; }

    /// <summary>Where it is in its life: <c>active</c> takes positions, <c>closed</c> waits for its outcome, <c>resolved</c> has one, <c>cancelled</c> never will; <c>draft</c> is seen by its creator, moderators and admins only.</summary>
    /// <example>active</example>
    [AllowedValues(typeof(MarketStatus))]
    public string Status { get; init; } = "";

    /// <summary><c>yes</c> or <c>no</c> when resolved, else null.</summary>
    [AllowedValues(typeof(MarketOutcome))]
    public string? Outcome { get; init; }

    /// <summary>The sum of the stakes of its positions, and of what it was imported with.</summary>
    /// <example>1250.50</example>
    public decimal Volume { get; init; }

    /// <summary>How it is priced and settled. <c>pool</c>: all stakes go into one pot, which those who staked on the right outcome divide in proportion to their stakes.</summary>
    [AllowedValues(typeof(MarketMechanism))]
    public string Mechanism => MarketMechanism.Pool;

    /// <summary>What is staked here on each outcome, without the imported volume.</summary>
    public MarketPool Pool => new(YesPool, NoPool);

    /// <summary>The share of yes in the pool, rounded to four decimals, half to even; null while the pool is empty.</summary>
    /// <example>0.6184</example>
    [Ratio]
    public decimal? Probability => Pool.Probability;

    /// <summary>When it takes no more positions, in UTC; null for an open-ended imported market.</summary>
    /// <example>2027-03-01T00:00:00Z</example>
    public DateTime? EndsAt { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    /// <example>2026-11-22T08:15:30.123456Z</example>
    public DateTime CreatedAt { get; init; }

    /// <summary>When its own fields last changed, in UTC.</summary>
    /// <example>2026-11-23T17:04:05.5Z</example>
    public DateTime UpdatedAt { get; init; }

    /// <summary>When it was last resolved or cancelled, in UTC; null when it is neither.</summary>
    /// <example>2027-03-02T08:00:00Z</example>
    public DateTime? ResolvedAt { get; init; }

    /// <summary>Starts at 1 and rises by one with each change of the market's own fields.</summary>
    /// <example>3</example>
    public long Version { get; init; }

    /// <summary>Who made it.</summary>
    public PublicUser Creator => new(CreatorId, CreatorDisplayName);

    /// <summary>What is staked here on yes, as the database has it.</summary>
    [JsonIgnore]
    public decimal YesPool { get; init; }

    /// <summary>What is staked here on no, as the database has it.</summary>
    [JsonIgnore]
    public decimal NoPool { get; init; }

    /// <summary>The creator's id, as the database has it.</summary>
    [JsonIgnore]
    public Guid CreatorId { get; init; }

    /// <summary>The creator's name, as the database has it.</summary>
    [JsonIgnore]
    public string CreatorDisplayName { get; init; } = "";
}
