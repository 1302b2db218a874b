using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.GetCurrentUser;

/// <summary>Who may use it.</summary>
public sealed class GetCurrentUserAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows => [new("GET /api/me", [401, 200, 200, 200, 200])];
}
