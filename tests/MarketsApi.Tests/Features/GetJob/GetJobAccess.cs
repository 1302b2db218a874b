using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.GetJob;

/// <summary>Who may use it.</summary>
public sealed class GetJobAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows => [new("GET /api/jobs/{id}", [401, 403, 403, 403, 200])];
}
