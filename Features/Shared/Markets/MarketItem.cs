using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Users;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.Shared.Markets;

/// <summary>A market as it appears in lists: without its description.</summary>
public record MarketItem
{
    /// <summary>The market's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The id of an imported market at its source, taken from the imported file. Null for markets created here.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The question, 3 to 300 characters.</summary>
    /// <example>Will the Rhine freeze at Cologne before March 2027?</example>
    public string Name { get; init; } = "";

    /// <summary>The category, in lower case, or null.</summary>
    /// <example>climate</example>
    public string? Category { get; init; }

    /// <summary>The status: <c>draft</c> is visible only to the creator, moderators and admins; <c>active</c> takes positions; <c>closed</c> waits for its outcome; <c>resolved</c> has an outcome; <c>cancelled</c> never gets one.</summary>
    /// <example>active</example>
    [AllowedValues(typeof(MarketStatus))]
    public string Status { get; init; } = "";

    /// <summary><c>yes</c> or <c>no</c> when the market is resolved, otherwise null.</summary>
    [AllowedValues(typeof(MarketOutcome))]
    public string? Outcome { get; init; }

    /// <summary>The sum of the stakes of its positions, plus the imported volume of an imported market.</summary>
    /// <example>1250.50</example>
    public decimal Volume { get; init; }

    /// <summary>How the market is priced and settled. <c>pool</c>: all stakes go into one pool. Those who staked on the right outcome share it in proportion to their stakes.</summary>
    [AllowedValues(typeof(MarketMechanism))]
    public string Mechanism => MarketMechanism.Pool;

    /// <summary>The stakes on each outcome, without the imported volume.</summary>
    public MarketPool Pool => new(YesPool, NoPool);

    /// <summary>The share of yes in the pool, rounded to four decimals, half to even. Null while the pool is empty.</summary>
    /// <example>0.6479</example>
    [Ratio]
    public decimal? Probability => Pool.Probability;

    /// <summary>When the market stops taking positions, in UTC. Null for an open-ended imported market.</summary>
    /// <example>2027-03-01T00:00:00Z</example>
    public DateTime? EndsAt { get; init; }

    /// <summary>When the market was created, in UTC.</summary>
    /// <example>2026-11-22T08:15:30.123456Z</example>
    public DateTime CreatedAt { get; init; }

    /// <summary>When the market's own fields last changed, in UTC.</summary>
    /// <example>2026-11-23T17:04:05.5Z</example>
    public DateTime UpdatedAt { get; init; }

    /// <summary>When the market was last resolved or cancelled, in UTC. Null when it is neither.</summary>
    public DateTime? ResolvedAt { get; init; }

    /// <summary>Starts at 1 and increases by one with each change to the market's own fields.</summary>
    /// <example>3</example>
    public long Version { get; init; }

    /// <summary>The user who created the market.</summary>
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
