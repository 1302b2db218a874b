using System.ComponentModel;
using MarketsApi.Features.Shared.Markets;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>What to look for, and among which markets.</summary>
public sealed record SearchMarketsRequest
{
    /// <summary>How many items a response holds when the caller doesn't say.</summary>
    public const int DefaultLimit = 10;

    /// <summary>The most items of a response.</summary>
    public const int MaxLimit = 50;

    /// <summary>The text to search for: 1 to 200 characters. Other word forms, misspellings, missing accents and the beginning of the last word match, too.</summary>
    /// <example>shutdwon of the goverment</example>
    [FromQuery(Name = "q")]
    public string? Q { get; init; }

    /// <summary>The maximum number of items to return.</summary>
    [DefaultValue(DefaultLimit)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>Only markets with this status; drafts are never found.</summary>
    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    /// <summary>Only markets with this category.</summary>
    [FromQuery(Name = "category")]
    public string? Category { get; init; }

    /// <summary>Whether to explain for each item how each search method ranked it. For admins.</summary>
    [DefaultValue(false)]
    [FromQuery(Name = "explain")]
    public bool? Explain { get; init; }
}

internal sealed class SearchMarketsValidator : AbstractValidator<SearchMarketsRequest>
{
    private const int MaxText = 200;

    private static readonly IReadOnlyList<string> Statuses =
    [
        .. MarketStatus.All.Where(status => status != MarketStatus.Draft),
    ];

    public SearchMarketsValidator()
    {
        RuleFor(request => request.Q).Required().Line(1, MaxText);
        RuleFor(request => request.Limit).PageLimit(SearchMarketsRequest.MaxLimit);
        RuleFor(request => request.Status).OneOf(Statuses);
        RuleFor(request => request.Category).MarketCategory();
    }
}
