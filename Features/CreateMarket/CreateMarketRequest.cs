namespace MarketsApi.Features.CreateMarket;

/// <summary>A market to create.</summary>
public sealed record CreateMarketRequest
{
    /// <summary>The question: 3 to 300 characters on one line. Stored trimmed, in Unicode normalization form C.</summary>
    public string? Name { get; init; }

    /// <summary>When it stops taking positions: RFC 3339 with a zone, in the future.</summary>
    public DateTime? EndsAt { get; init; }

    /// <summary>What exactly is asked and how it is decided: up to 5,000 characters. Default: empty.</summary>
    public string? Description { get; init; }

    /// <summary>The subject: 1 to 50 of lower-case letters, digits and hyphens. Default: none.</summary>
    public string? Category { get; init; }

    /// <summary><c>active</c> takes positions at once; <c>draft</c> is seen by its creator, moderators and admins only. Default: active.</summary>
    public string? Status { get; init; }
}
