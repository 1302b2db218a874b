using MarketsApi.Infrastructure.Http;

namespace MarketsApi.Features.ReplaceMarket;

/// <summary>All that can be changed of a market; what is left out is reset.</summary>
public sealed record ReplaceMarketRequest
{
    /// <summary>The question: 3 to 300 characters on one line. Required.</summary>
    public string? Name { get; init; }

    /// <summary>When it stops taking positions: RFC 3339 with a zone; in the future when it is a new one. Required; null only for a market that has none.</summary>
    public Optional<DateTime?> EndsAt { get; init; }

    /// <summary>The status to have. Required.</summary>
    public string? Status { get; init; }

    /// <summary>What exactly is asked: up to 5,000 characters. Reset to empty when left out.</summary>
    public string? Description { get; init; }

    /// <summary>The subject: 1 to 50 of lower-case letters, digits and hyphens. Reset to none when left out.</summary>
    public string? Category { get; init; }

    /// <summary>How the question turned out; with the status resolved, and only then. Reset to none when left out.</summary>
    public string? Outcome { get; init; }
}
