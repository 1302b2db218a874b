using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.RetryJob;

/// <summary>Who may use it.</summary>
public sealed class RetryJobAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows => [new("POST /api/jobs/{id}/retry", [401, 403, 403, 403, 202])];
}
