namespace MarketsApi.Features.ImportMarkets;

/// <summary>One market as it goes into the staging table.</summary>
internal sealed record ImportMarketsRow
{
    /// <summary>The line's number in the file, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>Where the market comes from.</summary>
    public required string Source { get; init; }

    /// <summary>Its id there.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The question, in its stored form.</summary>
    public required string Name { get; init; }

    /// <summary>The description, in its stored form.</summary>
    public required string Description { get; init; }

    /// <summary>The subject, in its form, or null.</summary>
    public required string? Category { get; init; }

    /// <summary>The state, decided.</summary>
    public required string Status { get; init; }

    /// <summary>The outcome, or null.</summary>
    public required string? Outcome { get; init; }

    /// <summary>What has been staked at the source, in cents' precision.</summary>
    public required decimal Volume { get; init; }

    /// <summary>When it ends, in UTC, or null.</summary>
    public required DateTime? EndsAt { get; init; }

    /// <summary>When it was made, in UTC; null for the time of import.</summary>
    public required DateTime? CreatedAt { get; init; }

    /// <summary>The id of the user that stands for its creator.</summary>
    public required Guid CreatorId { get; init; }

    /// <summary>The name of that user.</summary>
    public required string CreatorName { get; init; }

    /// <summary>SHA-256 of what the line says.</summary>
    public required byte[] Digest { get; init; }
}
