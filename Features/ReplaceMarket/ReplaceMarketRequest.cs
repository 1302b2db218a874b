namespace MarketsApi.Features.ReplaceMarket;

/// <summary>All properties of a market that can be changed. Optional ones that are left out are reset.</summary>
public sealed record ReplaceMarketRequest
{
    /// <summary>The question: 3 to 300 characters on one line. Required.</summary>
    /// <example>Will the Rhine freeze at Cologne before March 2027?</example>
    public string? Name { get; init; }

    /// <summary>When the market stops taking positions: RFC 3339 with a time zone. A new time must be in the future. Required; null only for a market that has no end.</summary>
    /// <example>2027-03-01T01:00:00+01:00</example>
    public Optional<DateTime?> EndsAt { get; init; }

    /// <summary>The new status. Required.</summary>
    /// <example>active</example>
    public string? Status { get; init; }

    /// <summary>The exact question and how it is decided: up to 5,000 characters. Reset to empty when left out.</summary>
    /// <example>Resolves to yes when the waterways authority reports a closed ice cover at gauge Cologne.</example>
    public string? Description { get; init; }

    /// <summary>The category: 1 to 50 lower-case letters, digits or hyphens. Removed when left out.</summary>
    /// <example>climate</example>
    public string? Category { get; init; }

    /// <summary>The outcome of the question. Required with the status resolved, and allowed only then. Removed when left out.</summary>
    public string? Outcome { get; init; }
}
