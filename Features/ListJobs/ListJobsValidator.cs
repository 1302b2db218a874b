using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Features.ListJobs;

internal sealed class ListJobsValidator : AbstractValidator<ListJobsRequest>
{
    public ListJobsValidator(JobCatalog catalog)
    {
        RuleFor(request => request.State).OneOf(JobState.All);
        // Not a rule of the OpenAPI document: which kinds there are is no promise.
        RuleFor(request => request.Kind)
            .Must(kind => kind is null || catalog.Kinds.Contains(kind, StringComparer.Ordinal))
            .WithErrorCode("UnknownKind")
            .WithMessage(_ => $"kind must be one of {string.Join(", ", catalog.Kinds)}.");
        RuleFor(request => request.Limit).InclusiveBetween(1, 100).WithMessage("limit must be from 1 to 100.");
    }
}
