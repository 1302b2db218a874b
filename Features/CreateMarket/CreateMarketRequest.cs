using System.ComponentModel;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.CreateMarket;

/// <summary>A market to create.</summary>
public sealed record CreateMarketRequest
{
    /// <summary>The question: 3 to 300 characters on one line. Stored trimmed, in Unicode normalization form C.</summary>
    /// <example>Will the Rhine freeze at Cologne before March 2027?</example>
    public string? Name { get; init; }

    /// <summary>When the market stops taking positions: RFC 3339 with a time zone, in the future.</summary>
    /// <example>2027-03-01T01:00:00+01:00</example>
    public DateTime? EndsAt { get; init; }

    /// <summary>The exact question and how it is decided: up to 5,000 characters. Empty when left out.</summary>
    /// <example>Resolves to yes when the waterways authority reports a closed ice cover at gauge Cologne.</example>
    public string? Description { get; init; }

    /// <summary>The category: 1 to 50 lower-case letters, digits or hyphens. No category when left out.</summary>
    /// <example>climate</example>
    public string? Category { get; init; }

    /// <summary><c>active</c> takes positions at once; <c>draft</c> is visible only to its creator, moderators and admins.</summary>
    /// <example>active</example>
    [DefaultValue(MarketStatus.Active)]
    public string? Status { get; init; }

    /// <summary>A position to open together with the market. Not allowed on a draft. No position when left out.</summary>
    public CreateMarketPosition? InitialPosition { get; init; }
}
