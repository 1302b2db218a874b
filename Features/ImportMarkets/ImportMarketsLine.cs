namespace MarketsApi.Features.ImportMarkets;

/// <summary>One line of the file; unknown values are null.</summary>
internal sealed record ImportMarketsLine
{
    /// <summary>The market's id at its source; with <see cref="Source"/> it says which market this is.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Where the market comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The question.</summary>
    public string? Name { get; init; }

    /// <summary>What exactly is asked.</summary>
    public string? Description { get; init; }

    /// <summary>The subject, however the source writes it.</summary>
    public string? Category { get; init; }

    /// <summary>One of our own states; null to let the end decide.</summary>
    public string? Status { get; init; }

    /// <summary>What has been staked, with any number of decimals.</summary>
    public decimal? Volume { get; init; }

    /// <summary>The name of who made it.</summary>
    public string? Creator { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTime? CreatedAt { get; init; }

    /// <summary>When it ends, in UTC.</summary>
    public DateTime? EndsAt { get; init; }

    /// <summary><c>YES</c> or <c>NO</c>, in any case.</summary>
    public string? Outcome { get; init; }
}
