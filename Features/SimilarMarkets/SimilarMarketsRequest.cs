using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Features.SimilarMarkets;

/// <summary>How many similar markets.</summary>
public sealed record SimilarMarketsRequest
{
    /// <summary>How many there are when the caller doesn't say.</summary>
    public const int DefaultLimit = 10;

    /// <summary>The maximum number of items to return.</summary>
    public const int MaxLimit = 50;

    /// <summary>The maximum number of items to return.</summary>
    [DefaultValue(DefaultLimit)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }
}

internal sealed class SimilarMarketsValidator : AbstractValidator<SimilarMarketsRequest>
{
    public SimilarMarketsValidator() => RuleFor(request => request.Limit).PageLimit(SimilarMarketsRequest.MaxLimit);
}
