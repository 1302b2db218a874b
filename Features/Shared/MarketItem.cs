using System.Text.Json.Serialization;

namespace MarketsApi.Features.Shared;

/// <summary>A market as lists show it: all but its description.</summary>
public record MarketItem
{
    /// <summary>The market's id.</summary>
    public Guid Id { get; init; }

    /// <summary>Where an imported market comes from, as <c>source:id</c>; null for markets made here.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The question, 3 to 300 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>The subject, in lower case; null for none.</summary>
    public string? Category { get; init; }

    /// <summary>One of <see cref="MarketStatus"/>.</summary>
    public string Status { get; init; } = "";

    /// <summary><c>yes</c> or <c>no</c> when resolved, else null.</summary>
    public string? Outcome { get; init; }

    /// <summary>The sum of the stakes of its positions, and of what it was imported with.</summary>
    public decimal Volume { get; init; }

    /// <summary>When it takes no more positions, in UTC; null for an open-ended imported market.</summary>
    public DateTime? EndsAt { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When its own fields last changed, in UTC.</summary>
    public DateTime UpdatedAt { get; init; }

    /// <summary>Starts at 1 and rises by one with each change of the market's own fields.</summary>
    public long Version { get; init; }

    /// <summary>Who made it.</summary>
    public Creator Creator => new(CreatorId, CreatorDisplayName);

    /// <summary>The creator's id, as the database has it.</summary>
    [JsonIgnore]
    public Guid CreatorId { get; init; }

    /// <summary>The creator's name, as the database has it.</summary>
    [JsonIgnore]
    public string CreatorDisplayName { get; init; } = "";
}
