using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.UpdateMarket;

/// <summary>A merge patch of a market: properties that are left out stay unchanged.</summary>
public sealed record UpdateMarketRequest
{
    /// <summary>The question: 3 to 300 characters on one line. Can't be null.</summary>
    public Optional<string?> Name { get; init; }

    /// <summary>When the market stops taking positions: RFC 3339 with a time zone. A new time must be in the future. Null only for a market that has no end.</summary>
    public Optional<DateTime?> EndsAt { get; init; }

    /// <summary>The new status. Can't be null.</summary>
    /// <example>resolved</example>
    public Optional<string?> Status { get; init; }

    /// <summary>The exact question and how it is decided: up to 5,000 characters. Null makes it empty.</summary>
    public Optional<string?> Description { get; init; }

    /// <summary>The category: 1 to 50 lower-case letters, digits or hyphens. Null removes it.</summary>
    public Optional<string?> Category { get; init; }

    /// <summary>The outcome of the question. Required with the status resolved, and allowed only then. Null removes it.</summary>
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
