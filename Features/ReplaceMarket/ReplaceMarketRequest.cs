namespace MarketsApi.Features.ReplaceMarket;

/// <summary>All that can be changed of a market; what is left out is reset.</summary>
public sealed record ReplaceMarketRequest
{
    /// <summary>The question: 3 to 300 characters on one line. Required.</summary>
    /// <example>Will the Rhine freeze at Cologne before March 2027?</example>
    public string? Name { get; init; }

    /// <summary>When it stops taking positions: RFC 3339 with a zone; in the future when it is a new one. Required; null only for a market that has none.</summary>
    /// <example>2027-03-01T01:00:00+01:00</example>
    public Optional<DateTime?> EndsAt { get; init; }

    /// <summary>The status to have. Required.</summary>
    /// <example>active</example>
    public string? Status { get; init; }

    /// <summary>What exactly is asked: up to 5,000 characters. Reset to empty when left out.</summary>
    /// <example>Resolves to yes when the waterways authority reports a closed ice cover at gauge Cologne.</example>
    public string? Description { get; init; }

    /// <summary>The subject: 1 to 50 of lower-case letters, digits and hyphens. Reset to none when left out.</summary>
    /// <example>climate</example>
    public string? Category { get; init; }

    /// <summary>How the question turned out; with the status resolved, and only then. Reset to none when left out.</summary>
    public string? Outcome { get; init; }
}
