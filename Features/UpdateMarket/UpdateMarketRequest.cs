using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.UpdateMarket;

/// <summary>A merge patch of a market: members that are left out stay as they are.</summary>
public sealed record UpdateMarketRequest
{
    /// <summary>The question: 3 to 300 characters on one line. Can't be null.</summary>
    public Optional<string?> Name { get; init; }

    /// <summary>When it stops taking positions: RFC 3339 with a zone; in the future when it is a new one. Null only for a market that has none.</summary>
    public Optional<DateTime?> EndsAt { get; init; }

    /// <summary>The status to have. Can't be null.</summary>
    /// <example>resolved</example>
    public Optional<string?> Status { get; init; }

    /// <summary>What exactly is asked: up to 5,000 characters. Null empties it.</summary>
    public Optional<string?> Description { get; init; }

    /// <summary>The subject: 1 to 50 of lower-case letters, digits and hyphens. Null takes it away.</summary>
    public Optional<string?> Category { get; init; }

    /// <summary>How the question turned out; with the status resolved, and only then. Null takes it away.</summary>
    /// <example>yes</example>
    public Optional<string?> Outcome { get; init; }

    internal MarketChange ApplyTo(MarketChange current) =>
        new()
        {
            Name = Name.IsPresent ? PlainText.Stored(Name.Value!) : current.Name,
            EndsAt = EndsAt.Or(current.EndsAt),
            Status = Status.Or(current.Status)!,
            Description = Description.IsPresent ? PlainText.Stored(Description.Value ?? "") : current.Description,
            Category = Category.Or(current.Category),
            Outcome = Outcome.Or(current.Outcome),
        };
}
