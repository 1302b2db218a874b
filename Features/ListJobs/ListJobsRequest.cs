using System.ComponentModel;
using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Infrastructure.Jobs;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Features.ListJobs;

/// <summary>Which jobs, and which part of them.</summary>
public sealed record ListJobsRequest
{
    /// <summary>Only jobs in this state.</summary>
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    /// <summary>Only jobs of this kind. A kind that the running version doesn't have returns 400.</summary>
    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    /// <summary>Only jobs about this market.</summary>
    [FromQuery(Name = "marketId")]
    public Guid? MarketId { get; init; }

    /// <summary>The maximum number of items to return.</summary>
    [DefaultValue(PageLimits.Default)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>The nextCursor of the previous page, with the same filters.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }
}

internal sealed class ListJobsValidator : AbstractValidator<ListJobsRequest>
{
    public ListJobsValidator(JobCatalog catalog)
    {
        RuleFor(request => request.State).OneOf(JobState.All);
        // Not a rule of the OpenAPI document: the kinds may change.
        RuleFor(request => request.Kind)
            .Must(kind => kind is null || catalog.Kinds.Contains(kind, StringComparer.Ordinal))
            .WithErrorCode("UnknownKind")
            .WithMessage(_ => $"kind must be one of {string.Join(", ", catalog.Kinds)}.");
        RuleFor(request => request.Limit).PageLimit();
    }
}
