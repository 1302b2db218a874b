namespace MarketsApi.Features.GetMarketHistory;

/// <summary>One field of a market before and after a change.</summary>
/// <param name="Field">The member's name.</param>
/// <param name="From">What it was; null for none.</param>
/// <param name="To">What it became; null for none.</param>
/// <example>{"field": "status", "from": "active", "to": "closed"}</example>
public sealed record GetMarketHistoryChange(string Field, string? From, string? To);
