using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.ListJobs;

/// <summary>Who may use it.</summary>
public sealed class ListJobsAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows => [new("GET /api/jobs", [401, 403, 403, 403, 200])];
}
